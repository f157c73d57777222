import type { KnownValues } from '../domain/assessment.js';
import type { PreflightInput, SpPreflight } from '../domain/preflight-facts.js';
import { listApplications } from '../okta/applications.js';
import { accessGroup } from './access-group.js';
import { identityProvider } from './identity-provider.js';
import { type Preflighter, preflightOrg, shownByHeaders, unapplied } from './preflight-org.js';
import { assess } from './resource.js';
import { jwksUri } from './service-client.js';
import { targetApp } from './target-app.js';
import { look } from './user-diagnosis-look.js';

/** What the SP org shows before anything is written. `known` is what the IdP org's side made known. Never writes. */
export async function preflightSpSide(
  preflighter: Preflighter,
  input: PreflightInput,
  known: KnownValues,
): Promise<SpPreflight> {
  const resource = { ...unapplied(input), known };
  const ofTarget = async () => {
    const target = await look(preflighter, (session) => assess(targetApp, session, resource));
    const withTarget = { ...resource, known: { ...known, ...target.seen?.known } };
    return { target, group: await look(preflighter, (session) => assess(accessGroup, session, withTarget)) };
  };
  const [org, { target, group }, provider, serviceClients] = await Promise.all([
    preflightOrg(preflighter, 'sp', input),
    ofTarget(),
    look(preflighter, (session) => assess(identityProvider, session, resource)),
    look(preflighter, async (session) =>
      (await listApplications(session, { name: 'oidc_client' })).map((app) => ({
        label: app.label,
        jwksUri: jwksUri(app),
      })),
    ),
  ]);
  return {
    ...org,
    targetApp: target,
    accessGroup: group,
    identityProvider: provider,
    serviceClients,
    ...shownByHeaders(preflighter),
  };
}
