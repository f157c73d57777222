import type { KnownValues, ResourceInput } from '../../src/domain/assessment.js';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import { normalizeFederationSpec } from '../../src/domain/normalize-federation-spec.js';

export const registry = {
  acme: { url: 'https://acme.okta.com' },
  partner: { url: 'https://partner.okta.com', alsoAt: ['https://login.partner.com'] },
};

/** The input of a decision for a specification that names little, with what is known already. */
export function federationInput(document: Record<string, unknown> = {}, known: KnownValues = {}): ResourceInput {
  const parsed = FederationSpecDocument.parse({ idp: 'acme', sp: 'partner', ...document });
  const { spec, orgs } = normalizeFederationSpec(parsed, registry);
  return { federationId: 'acme', spec, orgs, known, chosen: {} };
}
