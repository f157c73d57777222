import { keptEvidence } from '../domain/evidence.js';
import type { FindFederation, FoundGroup, FoundSpSide, FoundTarget } from '../domain/found-federation.js';
import { findApplicationGroupAssignment } from '../okta/application-groups.js';
import { type Application, listApplications } from '../okta/applications.js';
import { findGroup, type Group } from '../okta/groups.js';
import { listIdentityProviderKeys } from '../okta/identity-provider-keys.js';
import { findIdentityProvider, listIdentityProviders } from '../okta/identity-providers.js';
import type { OktaSession } from '../okta/session.js';
import { findLivingApplication } from './application.js';
import { assignedGroups } from './assigned-groups.js';
import { seenIdentityProvider } from './identity-provider.js';
import { jwksUri, seenClient } from './service-client.js';
import { seenTargetApp } from './target-app.js';

/** Keys of apps that are Okta's own, or of clients: none of them is a target app. */
const neverTargets = /^(okta_|saasure$|oidc_client$)/i;

/** Most apps whose groups are looked at. */
const mostTargets = 20;

/** What the SP org holds of a federation that is there, or of all that could be. Never writes. */
export async function findSpSide(
  session: OktaSession,
  { known }: FindFederation,
  jwksUris: readonly string[],
): Promise<FoundSpSide> {
  const apps = await listApplications(session);
  const own = apps.filter((app) => app.name === 'oidc_client' && jwksUris.includes(jwksUri(app) ?? ''));
  const [providers, keys, clients, targets] = await Promise.all([
    providersOf(session, known.identityProviderId),
    listIdentityProviderKeys(session),
    Promise.all(own.map((app) => seenClient(session, app))),
    known.targetAppId === undefined
      ? likelyTargets(session, apps)
      : knownTarget(session, known.targetAppId, known.accessGroupId),
  ]);
  return {
    providers: providers.map(seenIdentityProvider),
    keys: keys.flatMap(({ kid, 'x5t#S256': thumbprint, expiresAt }) =>
      thumbprint == null ? [] : [{ kid, thumbprint, expiresAt: expiresAt ?? null }],
    ),
    clients,
    targets,
    evidence: keptEvidence(session.evidence),
  };
}

async function providersOf(session: OktaSession, id: string | undefined) {
  if (id === undefined) return listIdentityProviders(session);
  const found = await findIdentityProvider(session, id);
  return found === null ? [] : [found];
}

async function likelyTargets(session: OktaSession, apps: readonly Application[]): Promise<readonly FoundTarget[]> {
  const likely = apps.filter(({ name, status }) => !neverTargets.test(name) && status === 'ACTIVE');
  return Promise.all(
    likely.slice(0, mostTargets).map(async (app) => ({
      app: seenTargetApp(app),
      groups: (await assignedGroups(session, app.id)).map((group) => foundGroup(group, true)),
    })),
  );
}

/** The target app of a federation, and its access group whether or not it has the app. */
async function knownTarget(
  session: OktaSession,
  appId: string,
  groupId: string | undefined,
): Promise<readonly FoundTarget[]> {
  const app = await findLivingApplication(session, appId);
  if (app === null) return [];
  const group = groupId === undefined ? null : await findGroup(session, groupId);
  if (group === null) return [{ app: seenTargetApp(app), groups: [] }];
  const assigned = (await findApplicationGroupAssignment(session, appId, group.id)) !== null;
  return [{ app: seenTargetApp(app), groups: [foundGroup(group, assigned)] }];
}

function foundGroup({ id, type, profile }: Group, assigned: boolean): FoundGroup {
  return { id, name: profile.name, type, assigned };
}
