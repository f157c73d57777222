import { AdoptionSchema } from '../api/schemas/adoption.js';
import { FederationSpecSchema } from '../api/schemas/federation-spec.js';
import { PreflightSchema } from '../api/schemas/preflight.js';
import type { Adoption } from '../domain/adoption.js';
import type { FederationSpec } from '../domain/federation-spec.js';
import type { Preflight } from '../domain/preflight.js';
import { type ApiAccess, apiPath, askApiFor, json } from './api-request.js';

/** The API's routes that look into both orgs and write nothing. All throw `ApiProblem` for what is no success. */
export class OrgsClient {
  constructor(private readonly access: ApiAccess) {}

  /** `specification` is YAML or JSON as a person wrote it. */
  preflight(specification: string): Promise<Preflight> {
    const body = { type: 'application/yaml', content: specification };
    return askApiFor(this.access, { method: 'POST', path: apiPath('preflight'), body }, PreflightSchema);
  }

  /** What is federated between two orgs already. */
  adoption(idp: string, sp: string): Promise<Adoption> {
    const body = json({ idp, sp });
    return askApiFor(this.access, { method: 'POST', path: apiPath('adoptions'), body }, AdoptionSchema);
  }

  /** The specification of a federation as both orgs hold it. */
  spec(federation: string): Promise<FederationSpec> {
    const path = apiPath('federations', federation, 'spec');
    return askApiFor(this.access, { method: 'GET', path }, FederationSpecSchema);
  }
}
