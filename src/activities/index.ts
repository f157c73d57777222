import { Context } from '@temporalio/activity';
import type { OrgRegistry } from '../config/org-registry.js';
import type { Secrets } from '../config/secrets.js';
import type { Assessment, ResourceInput, ResourceName } from '../domain/assessment.js';
import { Org2OrgError } from '../domain/errors.js';
import type { Ledger } from '../ledger/ledger.js';
import { type OktaOrg, openOrg } from '../okta/org.js';
import type { OktaSession } from '../okta/session.js';
import { accessGroup } from './access-group.js';
import { accessMembers } from './access-members.js';
import { activityPriority } from './activity-priority.js';
import { assignments } from './assignments.js';
import { deactivateCanary, removeCanaries, trySignOnOfCanary } from './canary.js';
import { createRolloutActivities } from './create-rollout-activities.js';
import { createRotationActivities } from './create-rotation-activities.js';
import { createTeardownActivities } from './create-teardown-activities.js';
import { createUserActivities } from './create-user-activities.js';
import { readDriftCauses } from './drift-causes.js';
import { findIdpSide } from './found-idp-side.js';
import { findSpSide } from './found-sp-side.js';
import { identityProvider } from './identity-provider.js';
import { checkKeyPoints, checkSpTokenLife, readSpTokens } from './key-points.js';
import type { OrgActivities, ResourceActivities } from './org-activities.js';
import { org2orgApp } from './org2org-app.js';
import { identifyOrg } from './orgs.js';
import { preflightIdpSide } from './preflight-idp.js';
import { preflighter, unapplied } from './preflight-org.js';
import { preflightSpSide } from './preflight-sp.js';
import { checkArrivedUsers, readProvisionedUsers } from './provisioned-users.js';
import { provisioningConnection } from './provisioning-connection.js';
import { provisioningFeatures } from './provisioning-features.js';
import { apply, assess, type Resource } from './resource.js';
import { samlMetadata } from './saml-metadata.js';
import { samlTrust } from './saml-trust.js';
import { serviceClient } from './service-client.js';
import { confirmSignOn, trySignOn } from './sign-on.js';
import { crossCheck, readIdpSide } from './sign-on-configuration.js';
import { registeredSpOrg } from './sp-address.js';
import { checkSpToken, type WithSpToken } from './sp-token.js';
import { readSweepList } from './sweep-lists.js';
import { readSweptUsers } from './swept-users.js';
import { targetApp } from './target-app.js';
import { checkTargetAppProvisioning } from './target-app-provisioning.js';
import { trustedCertificate } from './trusted-certificate.js';
import { diagnoseIdpSide } from './user-diagnosis-idp.js';
import { diagnostician } from './user-diagnosis-look.js';
import { diagnoseSpSide } from './user-diagnosis-sp.js';

/** What the activities of one org need. */
export interface OrgDependencies {
  readonly org: OktaOrg;
  /** Resolves what specifications may ask this worker for. */
  readonly secrets: Secrets;
  /** Every org that this worker knows, by name. */
  readonly orgs: OrgRegistry;
  /** Where sweeps keep what they read. */
  readonly ledger: Ledger;
}

const heartbeatEveryMs = 10_000;

/** How long before Temporal's time limit an attempt ends itself: the next one must not find this one still writing. */
function endsBeforeLimitMs(limitMs: number): number {
  return Math.min(15_000, limitMs / 4);
}

/**
 * Runs the work of an activity with a heartbeat, so that a worker that dies is noticed and a cancellation arrives, and
 * ends it before its time limit.
 *
 * @throws Org2OrgError `O2O_OKTA_TIMEOUT`
 */
async function beating<Result>(org: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const { activityType, startToCloseTimeoutMs } = context.info;
  const limit = new AbortController();
  const end = () => limit.abort(new Org2OrgError('O2O_OKTA_TIMEOUT', { org, operation: activityType }));
  const timers = [
    setInterval(() => context.heartbeat(), heartbeatEveryMs),
    setTimeout(end, startToCloseTimeoutMs - endsBeforeLimitMs(startToCloseTimeoutMs)),
  ];
  try {
    return await work(AbortSignal.any([context.cancellationSignal, limit.signal]));
  } finally {
    timers.forEach(clearTimeout);
  }
}

/** All activities that need the credentials of `org`; a worker registers them on the queue of that org. */
export function createOrgActivities({ org, secrets, orgs, ledger }: OrgDependencies): OrgActivities {
  const withSession = <Result>(work: (session: OktaSession) => Promise<Result>) =>
    beating(org.name, (signal) => work(org.session({ signal, priority: activityPriority() })));

  const withSessionAndSignal = <Result>(work: (session: OktaSession, signal: AbortSignal) => Promise<Result>) =>
    beating(org.name, (signal) => work(org.session({ signal, priority: activityPriority() }), signal));

  const withSweepSession = <Result>(work: (session: OktaSession) => Promise<Result>) =>
    beating(org.name, (signal) => work(org.session({ signal, priority: 'sweep' })));

  const ofResource = <Name extends ResourceName, Seen>(name: Name, resource: Resource<Seen>) => {
    const suffix = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
    return {
      [`assess${suffix}`]: (input: ResourceInput) => withSession((session) => assess(resource, session, input)),
      [`apply${suffix}`]: (input: ResourceInput, agreed: Assessment) =>
        withSession((session) => apply(resource, session, input, agreed)),
    } as Pick<ResourceActivities, `assess${Capitalize<Name>}` | `apply${Capitalize<Name>}`>;
  };

  const withSpToken =
    (input: ResourceInput, signal: AbortSignal): WithSpToken =>
    async (reference, work) => {
      const registered = registeredSpOrg(orgs, input);
      await secrets(reference, org.name);
      const sp = openOrg({ ...registered, auth: { apiToken: reference } }, secrets);
      try {
        return await work(sp.session({ signal }));
      } finally {
        sp.close();
      }
    };

  return {
    ...ofResource('targetApp', targetApp),
    ...ofResource('org2orgApp', org2orgApp),
    ...ofResource('samlMetadata', samlMetadata),
    ...ofResource('trustedCertificate', trustedCertificate),
    ...ofResource('identityProvider', identityProvider),
    ...ofResource('samlTrust', samlTrust),
    ...ofResource('serviceClient', serviceClient),
    ...ofResource('provisioningConnection', provisioningConnection(secrets, orgs)),
    ...ofResource('provisioningFeatures', provisioningFeatures),
    ...ofResource('assignments', assignments),
    ...ofResource('accessGroup', accessGroup),
    ...createUserActivities(withSessionAndSignal),
    ...createRolloutActivities(withSessionAndSignal),
    ...createRotationActivities(withSession),
    ...createTeardownActivities(withSession),
    readSweepList: (input, list, from) =>
      withSweepSession((session) => readSweepList(session, ledger, input, list, from)),
    readSweptUsers: (input, side, scope) =>
      withSweepSession((session) => readSweptUsers(session, ledger, input, side, scope)),
    diagnoseIdpSide: (input) => beating(org.name, (signal) => diagnoseIdpSide(diagnostician(org, signal), input)),
    diagnoseSpSide: (input, idp) =>
      beating(org.name, (signal) => diagnoseSpSide(diagnostician(org, signal), input, idp)),
    findIdpSide: (input) => withSession((session) => findIdpSide(session, input)),
    findSpSide: (input, jwksUris) => withSession((session) => findSpSide(session, input, jwksUris)),
    preflightIdpSide: (input) =>
      beating(org.name, (signal) =>
        preflightIdpSide(preflighter(org, diagnostician(org, signal)), input, () =>
          checkSpToken(unapplied(input), withSpToken(unapplied(input), signal)),
        ),
      ),
    preflightSpSide: (input, known) =>
      beating(org.name, (signal) => preflightSpSide(preflighter(org, diagnostician(org, signal)), input, known)),
    identifyOrg: () => withSession(identifyOrg),
    checkSpToken: (input) => beating(org.name, (signal) => checkSpToken(input, withSpToken(input, signal))),
    checkTargetAppProvisioning: (input) => withSession((session) => checkTargetAppProvisioning(session, input)),
    readProvisionedUsers: (input, after) => withSession((session) => readProvisionedUsers(session, input, after)),
    checkArrivedUsers: ({ spec }, ids) =>
      withSession((session) => checkArrivedUsers(session, ids, spec.identityProvider.jit)),
    assessAccessMembers: (input, ids) => withSession((session) => assess(accessMembers(ids), session, input)),
    applyAccessMembers: (input, ids, agreed) =>
      withSession((session) => apply(accessMembers(ids), session, input, agreed)),
    readIdpSide: (input) => withSession((session) => readIdpSide(session, input)),
    crossCheck: (input, idpSide) => withSession((session) => crossCheck(session, input, idpSide)),
    trySignOn: (input) => beating(org.name, (signal) => trySignOn(org.session({ signal }), input, secrets, signal)),
    checkKeyPoints: (input) => withSession((session) => checkKeyPoints(session, input)),
    readSpTokens: () => withSession(readSpTokens),
    checkSpTokenLife: (input, before) =>
      beating(org.name, (signal) => checkSpTokenLife(input, before, withSpToken(input, signal))),
    trySignOnOfCanary: (input, login) =>
      withSessionAndSignal((session, signal) => trySignOnOfCanary(session, input, login, signal)),
    deactivateCanary: (input, login) =>
      withSessionAndSignal((session, signal) => deactivateCanary(session, input, login, signal)),
    removeCanaries: (input, login, id) =>
      withSessionAndSignal((session, signal) => removeCanaries(session, input, login, id, signal)),
    readDriftCauses: (input, differing) => withSession((session) => readDriftCauses(session, input, differing)),
    confirmSignOn: (input, attempt, login) => withSession((session) => confirmSignOn(session, input, attempt, login)),
  };
}
