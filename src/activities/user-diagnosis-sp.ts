import type {
  DiagnosisInput,
  IdpFacts,
  SeenApiToken,
  SeenSignIn,
  SeenTrustedKey,
  SpFacts,
} from '../domain/diagnosis-facts.js';
import type { UserView } from '../domain/user-lifecycle.js';
import { listApiTokens } from '../okta/api-tokens.js';
import { findApplicationGroupAssignment } from '../okta/application-groups.js';
import { findApplicationUser } from '../okta/application-users.js';
import { findApplication } from '../okta/applications.js';
import { listUserGroups } from '../okta/groups.js';
import { findIdentityProviderKey } from '../okta/identity-provider-keys.js';
import { findIdentityProvider, type IdentityProvider } from '../okta/identity-providers.js';
import type { OktaSession } from '../okta/session.js';
import { type LogEvent, latestLogEvents } from '../okta/system-log.js';
import { findUser, findUserByLogin, listAssignedRolesForUser, listUserIdentityProviders } from '../okta/users.js';
import { seenIdentityProvider } from './identity-provider.js';
import { seenClient } from './service-client.js';
import { type Diagnostician, lastDay, look, lookAfter, outcomeOf } from './user-diagnosis-look.js';
import { userView } from './user-views.js';

/** Most events that one question to the System Log brings. */
const mostEvents = 200;

/** Most API tokens whose owners are looked at. */
const mostTokens = 20;

/** What the SP org tells about a user who cannot get in. `idp` is null where the IdP org could not be read. Never writes. */
export async function diagnoseSpSide(
  diagnostician: Diagnostician,
  input: DiagnosisInput,
  idp: Pick<IdpFacts, 'assignment'> | null,
): Promise<SpFacts> {
  const assignment = idp?.assignment.seen ?? null;
  const name = assignment?.userName ?? input.login;
  const [ofUser, ofTrust, ofAccess] = await Promise.all([
    userFacts(diagnostician, input, assignment?.externalId ?? null, name),
    trustFacts(diagnostician, input, name),
    accessFacts(diagnostician, input),
  ]);
  return { readAt: new Date().toISOString(), ...ofUser, ...ofTrust, ...ofAccess };
}

async function userFacts(
  diagnostician: Diagnostician,
  { federation }: DiagnosisInput,
  externalId: string | null,
  name: string,
) {
  const user = await look(diagnostician, async (session): Promise<UserView | null> => {
    const found = externalId === null ? await findUserByLogin(session, name) : await findUser(session, externalId);
    return found === null ? null : userView(found);
  });
  const [loginHolder, roles, identityProviderIds, groupIds, targetAssignment] = await Promise.all([
    look(diagnostician, async (session) => {
      if (externalId === null || user.seen?.login.toLowerCase() === name.toLowerCase()) return null;
      const holder = await findUserByLogin(session, name);
      return holder === null || holder.id === externalId ? null : { id: holder.id };
    }),
    lookAfter(diagnostician, user, [], async (session, { id }) =>
      (await listAssignedRolesForUser(session, id)).map(({ type }) => type),
    ),
    lookAfter(diagnostician, user, [], (session, { id }) => listUserIdentityProviders(session, id)),
    lookAfter(diagnostician, user, [], async (session, { id }) =>
      (await listUserGroups(session, id)).map((group) => group.id).slice(0, 1000),
    ),
    lookAfter(diagnostician, user, null, async (session, { id }) => {
      const found = await findApplicationUser(session, federation.targetAppId, id);
      return found === null ? null : { status: found.status, syncState: found.syncState ?? null };
    }),
  ]);
  return { user, loginHolder, roles, identityProviderIds, groupIds, targetAssignment };
}

async function trustFacts(diagnostician: Diagnostician, { federation }: DiagnosisInput, name: string) {
  const id = federation.identityProviderId;
  const found = await look(diagnostician, (session) => findIdentityProvider(session, id));
  const [trustedKeys, signIns] = await Promise.all([
    lookAfter(diagnostician, found, [], trustedKeysOf),
    look(diagnostician, async (session) => {
      const events = await latestLogEvents(
        session,
        lastDay('eventType eq "user.authentication.auth_via_IDP"'),
        mostEvents,
      );
      return events.filter((event) => isThrough(id, event)).map((event) => seenSignIn(event, name));
    }),
  ]);
  const identityProvider =
    found.problem === null ? { ...found, seen: found.seen === null ? null : seenIdentityProvider(found.seen) } : found;
  return { identityProvider, trustedKeys, signIns };
}

async function trustedKeysOf(session: OktaSession, { protocol }: IdentityProvider): Promise<SeenTrustedKey[]> {
  const { kid, additionalKids } = protocol.credentials?.trust ?? {};
  const keys: SeenTrustedKey[] = [];
  for (const each of [kid ?? [], additionalKids ?? []].flat()) {
    const key = await findIdentityProviderKey(session, each);
    if (key !== null) keys.push({ thumbprint: key['x5t#S256'] ?? null, expiresAt: key.expiresAt ?? null });
  }
  return keys;
}

/** Whether the event is of this identity provider, or names none. */
function isThrough(id: string, { target }: LogEvent): boolean {
  const providers = (target ?? []).filter(({ type }) => /identity ?provider/i.test(type ?? ''));
  return providers.length === 0 || providers.some((provider) => provider.id === id);
}

function seenSignIn(event: LogEvent, name: string): SeenSignIn {
  const { id, alternateId } = event.actor ?? {};
  return {
    ...outcomeOf(event),
    actorId: id == null || id === 'unknown' ? null : id,
    named: alternateId?.toLowerCase() === name.toLowerCase(),
  };
}

async function accessFacts(diagnostician: Diagnostician, { federation }: DiagnosisInput) {
  const { auth, serviceClientId, targetAppId, accessGroupId } = federation;
  const [serviceClient, apiTokens, targetApp, accessGroupAssigned] = await Promise.all([
    look(diagnostician, async (session) => {
      if (auth !== 'oauth2' || serviceClientId === null) return null;
      const client = await findApplication(session, serviceClientId);
      return client === null ? null : seenClient(session, client);
    }),
    look(diagnostician, (session) => (auth === 'token' ? apiTokensOf(session) : Promise.resolve([]))),
    look(diagnostician, async (session) => {
      const app = await findApplication(session, targetAppId);
      return app === null ? null : { status: app.status };
    }),
    look(
      diagnostician,
      async (session) => (await findApplicationGroupAssignment(session, targetAppId, accessGroupId)) !== null,
    ),
  ]);
  return { serviceClient, apiTokens, targetApp, accessGroupAssigned };
}

async function apiTokensOf(session: OktaSession): Promise<SeenApiToken[]> {
  const tokens = (await listApiTokens(session)).slice(0, mostTokens);
  const owners = new Map<string, string>();
  for (const { userId } of tokens) {
    if (userId == null || owners.has(userId)) continue;
    owners.set(userId, (await findUser(session, userId))?.status ?? 'gone');
  }
  return tokens.map(({ id, userId, expiresAt }) => ({
    id,
    expiresAt: expiresAt ?? null,
    ownerStatus: userId == null ? null : (owners.get(userId) ?? null),
  }));
}
