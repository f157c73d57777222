import type { Check } from '../domain/check.js';
import type { IdpPreflight, PreflightInput } from '../domain/preflight-facts.js';
import { assignments } from './assignments.js';
import { org2orgApp } from './org2org-app.js';
import { type Preflighter, preflightOrg, shownByHeaders, unapplied } from './preflight-org.js';
import { assess } from './resource.js';
import { samlMetadata } from './saml-metadata.js';
import { look } from './user-diagnosis-look.js';

/** What the IdP org shows before anything is written. `spToken` tries the SP token. Never writes. */
export async function preflightIdpSide(
  preflighter: Preflighter,
  input: PreflightInput,
  spToken: () => Promise<readonly Check[]>,
): Promise<IdpPreflight> {
  const resource = unapplied(input);
  const ofApp = async () => {
    const app = await look(preflighter, (session) => assess(org2orgApp, session, resource));
    const known = { ...resource, known: app.seen?.known ?? {} };
    const [certificate, assigned] = await Promise.all([
      look(preflighter, (session) => assess(samlMetadata, session, known)),
      look(preflighter, (session) => assess(assignments, session, known)),
    ]);
    return { app, certificate, assignments: assigned };
  };
  const [org, app, token] = await Promise.all([
    preflightOrg(preflighter, 'idp', input),
    ofApp(),
    look(preflighter, () => (input.spec.provisioning.auth === 'token' ? spToken() : Promise.resolve([]))),
  ]);
  return { ...org, ...app, spToken: token, ...shownByHeaders(preflighter) };
}
