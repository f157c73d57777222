import type { Decision, ResourceInput } from './assessment.js';
import { decision, differences } from './changes.js';

/** The certificates that the identity provider trusts: one, and during a roll-over a second one. */
export interface TrustedKeys {
  readonly kid: string | null;
  readonly additionalKids: readonly string[];
}

/** Decides whether the identity provider must trust other certificates. Null: there is no such identity provider. */
export function decideTrustedKeys(input: ResourceInput, seen: TrustedKeys | null, wanted: TrustedKeys): Decision {
  const fields = differences([
    ['protocol.credentials.trust.kid', seen?.kid, wanted.kid],
    ['protocol.credentials.trust.additionalKids', seen?.additionalKids, wanted.additionalKids],
  ]);
  const number = wanted.additionalKids.length + 1;
  return decision({
    id: input.known.identityProviderId ?? null,
    observed: seen === null ? null : { kid: seen.kid, additionalKids: seen.additionalKids },
    changes:
      fields.length === 0
        ? []
        : [
            {
              org: input.orgs.sp.name,
              resource: 'identityProvider',
              write: 'update',
              summary: number === 1 ? `Trust the certificate ${wanted.kid} alone` : 'Trust both certificates',
              fields,
              reversible: true,
            },
          ],
    explanation:
      fields.length === 0 ? `It trusts ${number} certificate(s), as wanted.` : 'It trusts other certificates.',
  });
}
