import type { OrgConfig, OrgRegistry } from '../config/org-registry.js';
import type { ResourceInput } from '../domain/assessment.js';
import { Org2OrgError } from '../domain/errors.js';

/**
 * The SP org as the registry of this worker has it. Its token goes there and nowhere else: neither a specification nor
 * the process that accepted it decides.
 *
 * @throws Org2OrgError `O2O_ADDRESS_NOT_ALLOWED` if `org2orgApp.baseUrl`, where Okta sends the token, is not one of its
 * addresses in that registry.
 */
export function registeredSpOrg(orgs: OrgRegistry, { orgs: { idp, sp }, spec }: ResourceInput): OrgConfig {
  const address = spec.org2orgApp.baseUrl;
  const registered = orgs.get(sp.name);
  if (registered === undefined || ![registered.url, ...registered.alsoAt].includes(address)) {
    throw new Org2OrgError('O2O_ADDRESS_NOT_ALLOWED', { org: idp.name, sp: sp.name, address });
  }
  return registered;
}
