import type { KnownValues } from '../domain/assessment.js';
import type { IdpPreflight, PreflightInput, SpPreflight } from '../domain/preflight-facts.js';

/** What a worker reads in one org before anything is written. Nothing here writes. */
export interface PreflightActivities {
  /** IdP org: who it is, the worker's rights in it, the Org2Org app, whom to assign, and with a token the SP token. */
  preflightIdpSide(input: PreflightInput): Promise<IdpPreflight>;
  /** SP org: the same, and target app, identity provider, access group. `known` is what the IdP org's side made known. */
  preflightSpSide(input: PreflightInput, known: KnownValues): Promise<SpPreflight>;
}
