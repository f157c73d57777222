import type { ResourceInput } from '../domain/assessment.js';
import { keptEvidence } from '../domain/evidence.js';
import type { FindFederation, FoundApp, FoundIdpSide } from '../domain/found-federation.js';
import { connectionJwksUri } from '../domain/service-client.js';
import { findApplicationUser } from '../okta/application-users.js';
import { type Application, listApplications } from '../okta/applications.js';
import { OktaError } from '../okta/errors.js';
import type { OktaSession } from '../okta/session.js';
import { findUserByLogin } from '../okta/users.js';
import { findLivingApplication } from './application.js';
import { assignedGroups } from './assigned-groups.js';
import { catalogName, seenOrg2OrgApp } from './org2org-app.js';
import { observeConnection } from './provisioning-connection.js';
import { observeFeatures } from './provisioning-features.js';
import { samlMetadata } from './saml-metadata.js';

/** Most Org2Org apps that are looked at closely. */
const mostApps = 20;

/** What the IdP org holds of a federation that is there, or of all that could be. Never writes. */
export async function findIdpSide(session: OktaSession, input: FindFederation): Promise<FoundIdpSide> {
  const { org2orgAppId } = input.known;
  const app = await findLivingApplication(session, org2orgAppId);
  const apps =
    org2orgAppId === undefined ? await listApplications(session, { name: catalogName }) : app === null ? [] : [app];
  const bySaml = apps.filter(({ signOnMode }) => signOnMode === 'SAML_2_0').slice(0, mostApps);
  const found = await Promise.all(bySaml.map((each) => foundApp(session, input, each)));
  return { apps: found, evidence: keptEvidence(session.evidence) };
}

async function foundApp(session: OktaSession, { spec, orgs }: FindFederation, app: Application): Promise<FoundApp> {
  const input: ResourceInput = { federationId: '', spec, orgs, known: { org2orgAppId: app.id }, chosen: {} };
  const [metadata, connection, features, groups, users] = await Promise.all([
    unlessRefused(samlMetadata.observe(session, input)),
    unlessRefused(observeConnection(session, app.id)),
    observeFeatures(session, app.id),
    assignedGroups(session, app.id),
    assignedUsers(session, app.id, spec.assignments.users),
  ]);
  const names = groups.map(({ profile }) => profile.name);
  const jwksUri = connectionJwksUri(input) ?? '';
  return { app: seenOrg2OrgApp(app), metadata, connection, features, jwksUri, groups: names, users };
}

/** Null where Okta refuses to show it: an inactive app has no metadata, an app without provisioning no connection. */
async function unlessRefused<Seen>(read: Promise<Seen>): Promise<Seen | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof OktaError && (error.status === 400 || error.status === 404)) return null;
    throw error;
  }
}

/** Of these logins, those of users who have the app. */
async function assignedUsers(session: OktaSession, appId: string, logins: readonly string[]): Promise<string[]> {
  const assigned: string[] = [];
  for (const login of logins) {
    const user = await findUserByLogin(session, login);
    if (user !== null && (await findApplicationUser(session, appId, user.id)) !== null) assigned.push(login);
  }
  return assigned;
}
