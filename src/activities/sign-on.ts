import { setTimeout as wait } from 'node:timers/promises';
import type { Secrets } from '../config/secrets.js';
import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { Org2OrgError } from '../domain/errors.js';
import { checkAssertion, type SignOnAttempt } from '../domain/sign-on.js';
import { getApplication } from '../okta/applications.js';
import type { OktaSession } from '../okta/session.js';
import { type SignOnTrace, signOn } from '../okta/sign-on.js';
import { listLogEvents } from '../okta/system-log.js';
import { findUserByLogin } from '../okta/users.js';

const reached = 'The test user signs on at the IdP org and reaches the target app without another prompt';

function unknown(detail: string, fix: string): Check {
  return { name: 'signOn', statement: reached, result: 'unknown', detail, fix, evidence: [] };
}

/** With whose name and password a sign-on is tried. */
export interface Credentials {
  readonly login: string;
  readonly password: string;
}

function untried(session: OktaSession, detail: string, fix: string): SignOnAttempt {
  return {
    result: 'untestable',
    reached: 'nowhere',
    detail,
    startedAt: new Date().toISOString(),
    hops: [],
    checks: [unknown(detail, fix)],
    evidence: session.evidence,
  };
}

/** Signs the test user of the specification on, if there is one. */
export async function trySignOn(
  session: OktaSession,
  input: ResourceInput,
  secrets: Secrets,
  signal: AbortSignal,
): Promise<SignOnAttempt> {
  const { testUser } = input.spec.signOn;
  if (testUser === undefined) {
    return untried(
      session,
      'no test user is named',
      'Name a test user under signOn.testUser, or have an assigned user sign on and see the System Log of the SP org.',
    );
  }
  const { login } = testUser;
  return trySignOnAs(session, input, { login, password: await secrets(testUser.password, session.org) }, signal);
}

/** Signs a user on, as a browser would: IdP org, Org2Org tile, SP org, target app. */
export async function trySignOnAs(
  session: OktaSession,
  input: ResourceInput,
  { login, password }: Credentials,
  signal: AbortSignal,
): Promise<SignOnAttempt> {
  const startedAt = new Date().toISOString();
  const { org2orgAppId, targetAppSsoUrl } = input.known;
  if (org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  const app = await getApplication(session, org2orgAppId);
  const embedLink = app._links?.appLinks?.[0]?.href;
  if (embedLink === undefined)
    return untried(session, 'the Org2Org app shows no embed link', 'Look at the app in the console of the IdP org.');
  const trace = await signOn({
    idpUrl: input.orgs.idp.url,
    spUrl: input.orgs.sp.url,
    login,
    password,
    embedLink,
    targetApp: targetAppSsoUrl === undefined ? null : { link: targetAppSsoUrl, origins: 'discover' },
    signal,
  });
  return {
    ...outcome(trace, input, login),
    reached: trace.reached,
    startedAt,
    hops: trace.hops.map((hop) => `${hop.status} ${hop.host}${hop.path} (${hop.kind})`),
    evidence: session.evidence,
  };
}

function outcome(
  trace: SignOnTrace,
  input: ResourceInput,
  login: string,
): Pick<SignOnAttempt, 'result' | 'detail' | 'checks'> {
  const reason = trace.reason ?? '';
  if (trace.result === 'untestable') {
    return {
      result: 'untestable',
      detail: reason,
      checks: [
        unknown(
          reason,
          'Give the test user a sign-on policy that asks for a password only, and check the reference of its password.',
        ),
      ],
    };
  }
  const arrived = trace.result === 'arrived';
  const [assertion] = trace.responses;
  const said = assertion === undefined ? [] : checkAssertion(assertion, input.known);
  const detail = arrived ? `ended at ${trace.page?.url ?? ''}` : reason;
  const checks: Check[] = [
    ...said.map((check) => ({ ...check, evidence: [] })),
    {
      name: 'signOn',
      statement: reached,
      result: arrived ? 'passed' : 'failed',
      detail,
      fix: arrived
        ? null
        : 'See the reason and the System Log of the SP org (user.authentication.auth_via_IDP); mend it, then send the same PUT again.',
      evidence: [],
    },
  ];
  const signedInAs = trace.page?.signedInAs ?? null;
  if (arrived && signedInAs !== null) {
    const same = signedInAs.toLowerCase() === login.toLowerCase();
    checks.push({
      name: 'signedInAs',
      statement: 'The target app knows the test user by the Okta username',
      result: same ? 'passed' : 'failed',
      detail: same ? 'the names are the same' : 'the target app shows another user',
      fix: same ? null : "Set the target app's username to the Okta username.",
      evidence: [],
    });
  }
  return { result: arrived ? 'signedOn' : 'failed', detail, checks };
}

const looks = 5;

/** The SP org's own record of the sign-on of a user, of the test user where nobody is named; it may lag behind. */
export async function confirmSignOn(
  session: OktaSession,
  input: ResourceInput,
  attempt: SignOnAttempt,
  login: string | undefined = input.spec.signOn.testUser?.login,
): Promise<readonly Check[]> {
  const user = login === undefined ? null : await findUserByLogin(session, login);
  for (let look = 0; look < looks; look += 1) {
    const events = await listLogEvents(session, {
      since: new Date(new Date(attempt.startedAt).getTime() - input.spec.identityProvider.maxClockSkew),
      until: new Date(Date.now() + input.spec.identityProvider.maxClockSkew),
      filter: 'eventType eq "user.authentication.auth_via_IDP" and outcome.result eq "SUCCESS"',
    });
    const event = events.find((found) => user !== null && found.actor?.id === user.id);
    if (event !== undefined) return [recorded('passed', `event ${event.uuid}`, session)];
    if (look < looks - 1) await wait(1_000);
  }
  return [recorded('unknown', 'the System Log does not show it yet', session)];
}

function recorded(result: 'passed' | 'unknown', detail: string, session: OktaSession): Check {
  return {
    name: 'signOnRecorded',
    statement: `The System Log of ${session.org} shows the sign-on through the identity provider`,
    result,
    detail,
    fix: result === 'passed' ? null : 'Look at the System Log of the SP org in a few minutes.',
    evidence: session.evidence,
  };
}
