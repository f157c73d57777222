import type { ResourceName } from './assessment.js';
import { Org2OrgError } from './errors.js';
import type { FederationSpec } from './federation-spec.js';
import { type FindFederation, type FoundIdpSide, type FoundSpSide, joined } from './found-federation.js';
import { specAsFound, wouldWrite } from './spec-as-found.js';

/** A federation's specification as both orgs hold it. */
export interface ExportedSpec {
  readonly spec: FederationSpec;
  /** What no specification can say as it is: a PUT of this one would write there, or stop. Empty: it writes nothing. */
  readonly differs: readonly ResourceName[];
}

/**
 * What both orgs hold, in the words of a specification.
 *
 * @throws Org2OrgError `O2O_OKTA_NOT_FOUND` if one of the two ends is gone.
 */
export function exportedSpec(
  { spec: agreed, orgs, known, addresses }: FindFederation,
  idp: FoundIdpSide,
  sp: FoundSpSide,
): ExportedSpec {
  const [app] = idp.apps;
  const [provider] = sp.providers;
  if (app === undefined) throw gone(orgs.idp.name, 'getApplication', known.org2orgAppId);
  if (provider === undefined) throw gone(orgs.sp.name, 'getIdentityProvider', known.identityProviderId);
  const [target] = sp.targets;
  const pair = { ...joined(app, provider, sp), target: target?.app ?? null, group: target?.groups[0] ?? null };
  const spec = specAsFound(agreed, pair, addresses);
  return { spec, differs: wouldWrite({ federationId: '', spec, orgs, known, chosen: {} }, pair).differs };
}

function gone(org: string, operation: string, id: string | undefined): Org2OrgError {
  return new Org2OrgError('O2O_OKTA_NOT_FOUND', { org, operation, detail: `${id ?? 'it'} is gone` });
}
