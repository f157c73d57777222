import type { OrgRole, ResourceInput } from '../domain/assessment.js';
import type { Look } from '../domain/diagnosis-facts.js';
import { Org2OrgError } from '../domain/errors.js';
import type { OrgPreflight, PreflightInput, SeenBudget } from '../domain/preflight-facts.js';
import { getApplication, listApplications } from '../okta/applications.js';
import { helpfulScopes, neededScopes } from '../okta/needed-scopes.js';
import type { OktaOrg } from '../okta/org.js';
import { getWellknownOrgMetadata } from '../okta/org-metadata.js';
import { listRolesForClient, listScopeConsentGrants } from '../okta/service-clients.js';
import type { OktaSession } from '../okta/session.js';
import { getUser, listAssignedRolesForUser } from '../okta/users.js';
import { catalogName, seenOrg2OrgApp } from './org2org-app.js';
import { type Diagnostician, look } from './user-diagnosis-look.js';

/** How a preflight reads one org. */
export interface Preflighter extends Diagnostician {
  readonly org: OktaOrg;
  /** Every session that was opened. */
  readonly sessions: readonly OktaSession[];
}

/** Reads an org as a diagnosis does, and keeps what the headers of the answers show. */
export function preflighter(org: OktaOrg, { open, lastAttempt }: Diagnostician): Preflighter {
  const sessions: OktaSession[] = [];
  return {
    org,
    sessions,
    lastAttempt,
    open: () => {
      const session = open();
      sessions.push(session);
      return session;
    },
  };
}

/** What the resources of a specification are assessed with that was never applied. */
export function unapplied({ spec, orgs }: PreflightInput): ResourceInput {
  return { federationId: '', spec, orgs, known: {}, chosen: {} };
}

/** What the headers of all answers showed; to be asked after the last of them. */
type ByHeaders = Pick<OrgPreflight, 'budgets' | 'clockAheadMs'>;

export function shownByHeaders({ sessions }: Preflighter): ByHeaders {
  const headers = sessions.flatMap((session) => session.headers);
  const budgets = headers.flatMap(({ operation, rateLimit }): SeenBudget[] =>
    rateLimit === null ? [] : [{ operation, ...rateLimit }],
  );
  return {
    budgets: [...new Map(budgets.map((budget) => [budget.operation, budget])).values()],
    clockAheadMs: headers.at(-1)?.clockAheadMs ?? null,
  };
}

/** Who the org is, and the worker's rights in it. */
export async function preflightOrg(
  preflighter: Preflighter,
  role: OrgRole,
  { spec }: PreflightInput,
): Promise<Omit<OrgPreflight, keyof ByHeaders>> {
  const { org } = preflighter;
  const { auth } = spec.provisioning;
  const metadata = look(preflighter, async (session) => {
    const { id, pipeline, cell } = await getWellknownOrgMetadata(session);
    return { id, pipeline, cell: cell ?? null };
  });
  const [seen, rights] = await Promise.all([metadata, rightsIn(preflighter)]);
  return {
    metadata: seen,
    access: org.access,
    needed: neededScopes(role, auth),
    helpful: helpfulScopes(role),
    ...rights,
    rateShare: org.rateShare,
  };
}

async function rightsIn(preflighter: Preflighter) {
  const { org } = preflighter;
  const org2orgApps = await look(preflighter, async (session) =>
    (await listApplications(session, { name: catalogName })).map(seenOrg2OrgApp),
  );
  const [roles, grantedScopes, refusedScopes] = await Promise.all([
    signedIn(org2orgApps) ? look(preflighter, (session) => rolesOf(session, org)) : unread(org2orgApps),
    signedIn(org2orgApps) ? look(preflighter, (session) => grantsOf(session, org)) : unread(org2orgApps),
    org2orgApps.problem?.code === 'O2O_OKTA_CREDENTIALS_INVALID' ? refusedScopesOf(org) : [],
  ]);
  return { org2orgApps, roles, grantedScopes, refusedScopes };
}

function signedIn({ problem }: Look<unknown>): boolean {
  return problem === null || problem.code === 'O2O_OKTA_PERMISSION_MISSING';
}

function unread(look: Look<unknown>): Look<never> {
  if (look.problem === null) throw new Org2OrgError('O2O_INTERNAL');
  return look;
}

/** Whether the service app may read this of itself. */
function mayRead({ access }: OktaOrg, family: string): boolean {
  return (
    access.kind === 'serviceApp' &&
    [`okta.${family}.read`, `okta.${family}.manage`].some((scope) => access.scopes.includes(scope))
  );
}

/**
 * Null where a service app may not see its own roles. Okta shows an empty list then, and the same to one that has none;
 * that one may not read a single app either.
 */
async function rolesOf(session: OktaSession, org: OktaOrg): Promise<readonly string[] | null> {
  const { access } = org;
  if (access.kind === 'apiToken') {
    const { id } = await getUser(session, 'me');
    return (await listAssignedRolesForUser(session, id)).map(({ type }) => type);
  }
  if (!mayRead(org, 'roles')) return null;
  const roles = await listRolesForClient(session, access.clientId);
  const active = roles.filter(({ status }) => status !== 'INACTIVE').map(({ type }) => type);
  if (active.length > 0) return active;
  await getApplication(session, access.clientId);
  return null;
}

async function grantsOf(session: OktaSession, org: OktaOrg): Promise<readonly string[] | null> {
  const { access } = org;
  if (access.kind === 'apiToken' || !mayRead(org, 'appGrants')) return null;
  const grants = await listScopeConsentGrants(session, access.clientId);
  return grants.filter(({ status }) => status !== 'REVOKED').map(({ scopeId }) => scopeId);
}

/**
 * The scopes for which Okta gives no token, where it gives none for all of them together: it refuses the whole sign-in
 * for one that was not granted. None where each is refused: then it is not about scopes.
 */
async function refusedScopesOf(org: OktaOrg): Promise<readonly string[]> {
  const { access } = org;
  if (access.kind === 'apiToken') return [];
  const tried = await Promise.all(access.scopes.map(async (scope) => ((await isGranted(org, scope)) ? [] : [scope])));
  const refused = tried.flat();
  return refused.length === access.scopes.length ? [] : refused;
}

/** Whether a token for this scope alone is given; what can be done with it does not matter. */
async function isGranted(org: OktaOrg, scope: string): Promise<boolean> {
  const narrow = org.withScopes([scope]);
  try {
    if (narrow !== null) await getUser(narrow.session(), 'me');
    return true;
  } catch (error) {
    return !(error instanceof Org2OrgError && error.code === 'O2O_OKTA_CREDENTIALS_INVALID');
  } finally {
    narrow?.close();
  }
}
