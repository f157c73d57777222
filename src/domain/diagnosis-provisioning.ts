import type { Check } from './check.js';
import { checkOn, failed, helpedBy, type Judgement, judge, notWithout, passed, unknown } from './diagnosis-check.js';
import type { DiagnosisInput, IdpFacts, Look, SeenPush, SpFacts } from './diagnosis-facts.js';
import { explainPush } from './okta-reasons.js';
import { provisioningState } from './provisioned-users.js';
import { serviceClientRoles, serviceClientScopes } from './service-client.js';
import type { UserFederation } from './user-lifecycle.js';

const again = 'Send the same PUT of the federation again: it sets this anew.';

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

/** What is wrong with the Base URL; null if nothing is. */
function wrongWith(baseUrl: string | null, wanted: string): string | null {
  if (baseUrl === null || !URL.canParse(baseUrl)) return 'it is no URL';
  if (baseUrl.endsWith('/')) return 'it ends with a slash';
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol !== 'https:' && !isLoopback(hostname)) return 'it does not begin with https://';
  return baseUrl === wanted ? null : `the specification says ${wanted}`;
}

/** Address, connection and rights: what must be right before any user can be pushed. */
export function connectionChecks({ federation }: DiagnosisInput, idp: IdpFacts, sp: SpFacts): Check[] {
  return [
    checkOn(
      'baseUrl',
      "The Base URL of the Org2Org app is the SP org's, with https and no trailing slash",
      idp.app,
      (app) => {
        if (app === null) return notWithout('Org2Org app');
        const wrong = wrongWith(app.baseUrl, federation.baseUrl);
        return judge(wrong === null, `${app.baseUrl ?? 'nothing'}${wrong === null ? '' : `: ${wrong}`}`, again);
      },
    ),
    checkOn('connectionEnabled', 'The provisioning connection of the Org2Org app is on', idp.connection, ({ status }) =>
      judge(
        status === 'ENABLED',
        status,
        'Send the same PUT of the federation again: it tests and activates the connection.',
      ),
    ),
    credentialsCheck(federation, sp),
    acceptedCheck(idp.appPushes),
    checkOn('createUsers', 'Create Users is as agreed', idp.features, (features) =>
      features === null
        ? unknown('Okta shows no features while the connection is off', 'Settle the check connectionEnabled first.')
        : agreed(features.create, federation.features.create),
    ),
  ];
}

/** What does not keep the user out today, but lets changes and leavers go unnoticed. */
export function laterChecks({ federation }: DiagnosisInput, idp: IdpFacts, sp: SpFacts): Check[] {
  const feature = (name: 'update' | 'deactivate') => (features: { update: string; deactivate: string } | null) =>
    features === null
      ? unknown('Okta shows no features while the connection is off', 'Settle the check connectionEnabled first.')
      : agreed(features[name], federation.features[name]);
  return [
    checkOn('updateUsers', 'Update User Attributes is as agreed', idp.features, feature('update')),
    checkOn(
      'deactivateUsers',
      'Deactivate Users is as agreed: without it leavers stay active in the SP org',
      idp.features,
      feature('deactivate'),
    ),
    checkOn(
      'profileMaster',
      'Sign-on does not make the identity provider the master of profiles, which would break pushes',
      sp.identityProvider,
      (found) =>
        found === null
          ? notWithout('identity provider')
          : judge(found.profileMaster !== true, `profileMaster ${found.profileMaster ?? 'not set'}`, again),
    ),
    groupPushCheck(idp.appPushes),
  ];
}

/** Whether the newest push of each group arrived, where somebody has the Org2Org app push groups. */
function groupPushCheck(pushes: Look<readonly SeenPush[]>): Check {
  return checkOn('groupPush', 'The groups that the Org2Org app pushes arrive in the SP org', pushes, (seen) => {
    const groups = [...new Set(seen.flatMap(({ groupId }) => groupId ?? []))];
    const newest = groups.flatMap((group) => seen.find(({ groupId }) => groupId === group) ?? []);
    const refused = newest.find(({ succeeded }) => !succeeded);
    if (refused === undefined) return passed(`${groups.length} group(s) pushed in the last day`);
    const { cause, meaning, fix } = explainPush(refused.reason);
    return failed(
      `the group ${refused.groupId} at ${refused.at}: ${meaning} (${refused.reason ?? 'no reason'})`,
      cause === 'rights'
        ? 'Take the group out of Push Groups of the Org2Org app: a federation gives access by access.group. Or give the service client, or the owner of the token, a custom role that may create groups (SP org: Security > Administrators), then push it again.'
        : fix,
    );
  });
}

function agreed(status: string, wanted: boolean): Judgement {
  const on = status === 'ENABLED';
  return judge(on === wanted, `${status}, specified ${wanted ? 'on' : 'off'}`, again);
}

/** The service client, or the API tokens, of the SP org. */
function credentialsCheck({ auth, serviceClientId }: UserFederation, sp: SpFacts): Check {
  if (auth === 'token') {
    return checkOn('spTokens', 'The API token of the connection works', sp.apiTokens, (tokens) => {
      const dead = tokens.filter(
        ({ expiresAt, ownerStatus }) =>
          (expiresAt !== null && expiresAt <= sp.readAt) || (ownerStatus !== null && ownerStatus !== 'ACTIVE'),
      );
      const named = dead.map(({ id, ownerStatus }) => `${id} (owner ${ownerStatus ?? 'not shown'})`).join(', ');
      const fix =
        'Create a new API token of a Super Admin service account in the SP org (Security > API > Tokens), put it where provisioning.token points and PUT again.';
      if (dead.length === tokens.length)
        return failed(`no token of the SP org works: ${named || 'there is none'}`, fix);
      if (dead.length > 0) return unknown(`Okta does not tell which token is connected; dead ones: ${named}`, fix);
      return passed(`${tokens.length} token(s), none expired, every owner active`);
    });
  }
  return checkOn(
    'serviceClient',
    'The service client of the SP org has its roles and scopes',
    sp.serviceClient,
    (client) => {
      if (client === null) return failed(`the service client ${serviceClientId ?? ''} is gone`, again);
      const roles = client.roles.includes('SUPER_ADMIN')
        ? []
        : serviceClientRoles.filter((role) => !client.roles.includes(role));
      const scopes = serviceClientScopes.filter((scope) => !client.scopes.includes(scope));
      const lacking = [...(client.status === 'ACTIVE' ? [] : [`it is ${client.status}`]), ...roles, ...scopes];
      return judge(
        lacking.length === 0,
        lacking.length === 0
          ? `${client.roles.join(', ')}; ${client.scopes.join(', ')}`
          : `lacking: ${lacking.join(', ')}`,
        'Send the same PUT of the federation again: it gives the service client its roles and scopes. Then retry the tasks under Dashboard > Tasks in the IdP org.',
      );
    },
  );
}

/** What the newest push of whomever shows of the credentials and the address. A later success proves that a cause is gone. */
function acceptedCheck(pushes: Look<readonly SeenPush[]>): Check {
  const ofConnection = ({ reason }: SeenPush) => ['credentials', 'address'].includes(explainPush(reason).cause);
  return checkOn('connectionCredentials', 'The SP org accepts the credentials of the connection', pushes, (seen) => {
    const newest = seen.find((push) => push.succeeded || ofConnection(push));
    if (newest === undefined) return passed('no push was refused for its credentials in the last day');
    if (newest.succeeded) return passed(`the push at ${newest.at} went through`);
    const { meaning, fix } = explainPush(newest.reason);
    return failed(`at ${newest.at}: ${meaning} (${newest.reason ?? ''})`, fix);
  });
}

/** Whether Okta has pushed this user, and why not. */
export function provisionedCheck({ federation }: DiagnosisInput, idp: IdpFacts): Check {
  const look = helpedBy(idp.assignment, idp.pushes);
  return checkOn('provisioned', 'Okta has pushed the user into the SP org', look, (assignment) => {
    if (assignment === null) return notWithout('assignment');
    const last = idp.pushes.seen?.find(({ at }) => assignment.since === null || at >= assignment.since);
    const refusal = last === undefined || last.succeeded ? null : last;
    const state = provisioningState({ id: '', ...assignment });
    if (state === 'provisioned')
      return passed(`as ${assignment.externalId ?? ''}, ${assignment.syncState ?? 'no sync state'}`);
    if (state === 'failed' || refusal !== null) {
      const { meaning, fix } = explainPush(refusal?.reason ?? null);
      const silent = idp.pushes.problem?.message ?? 'the System Log of the last day says nothing of it';
      const said = refusal === null ? silent : `${meaning}: ${refusal.reason ?? ''}`;
      return failed(`${assignment.status}, syncState ${assignment.syncState ?? 'none'}; ${said}`, fix);
    }
    if (!federation.features.create)
      return passed('the federation pushes no new users: the first sign-on creates the user');
    if (state === 'notProvisioned') {
      return failed(
        `${assignment.status} without an id of the SP org: the user was assigned before provisioning was on`,
        explainPush('before provisioning was enabled').fix,
      );
    }
    return waiting(federation, assignment.since, idp.readAt);
  });
}

function waiting({ users }: UserFederation, since: string | null, now: string): Judgement {
  const minutes = since === null ? null : Math.floor((Date.parse(now) - Date.parse(since)) / 60_000);
  const detail = `STAGED${since === null ? '' : ` since ${since}`}`;
  if (minutes !== null && minutes >= users.pushWithinMinutes) {
    return failed(
      `${detail}: longer than users.pushWithinMinutes (${users.pushWithinMinutes})`,
      'Look under Dashboard > Tasks in the console of the IdP org; without a task there, take the assignment away and give it again.',
    );
  }
  return unknown(`${detail}: Okta's push is under way`, 'Ask again in a few minutes.');
}
