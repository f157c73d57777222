import { z } from 'zod';
import type { IdentityProvider } from '../core/records.js';
import { invalidMessage } from './refusal.js';

const Algorithm = z.enum(['SHA-1', 'SHA-256']).catch('SHA-256');
const texts = z.array(z.string()).nullish().catch(null);

const Protocol = z.object({
  endpoints: z.object({
    sso: z.object({
      url: z.string(),
      binding: z.enum(['HTTP-POST', 'HTTP-REDIRECT']).catch('HTTP-POST'),
      destination: z.string().nullish(),
    }),
  }),
  algorithms: z
    .object({
      request: z
        .object({ signature: z.object({ algorithm: Algorithm, scope: z.enum(['REQUEST', 'NONE']).catch('REQUEST') }) })
        .nullish(),
      response: z
        .object({
          signature: z.object({ algorithm: Algorithm, scope: z.enum(['ANY', 'RESPONSE', 'TOKEN']).catch('ANY') }),
        })
        .nullish(),
    })
    .nullish(),
  settings: z.object({ nameFormat: z.string().nullish(), honorPersistentNameId: z.boolean().nullish() }).nullish(),
  credentials: z.object({
    trust: z.object({ issuer: z.string(), kid: z.string(), additionalKids: texts }),
    signing: z.object({ kid: z.string().nullish() }).nullish(),
  }),
  relayState: z.object({ format: z.enum(['OPAQUE', 'FROM_URL']).nullish().catch(null) }).nullish(),
});

const Policy = z.object({
  provisioning: z
    .object({
      action: z.enum(['AUTO', 'DISABLED']).catch('DISABLED'),
      profileMaster: z.boolean().nullish(),
      groups: z
        .object({
          action: z.enum(['NONE', 'ASSIGN', 'APPEND', 'SYNC']).catch('NONE'),
          assignments: texts,
          sourceAttributeName: z.string().nullish(),
          filter: texts,
        })
        .nullish(),
      conditions: z
        .object({
          deprovisioned: z.object({ action: z.string() }).nullish(),
          suspended: z.object({ action: z.string() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  accountLink: z
    .object({
      action: z.enum(['AUTO', 'DISABLED']).catch('DISABLED'),
      filter: z
        .object({ groups: z.object({ include: texts }).nullish(), users: z.object({ exclude: texts }).nullish() })
        .nullish(),
    })
    .nullish(),
  subject: z
    .object({
      userNameTemplate: z.object({ template: z.string() }).nullish(),
      filter: z.string().nullish(),
      matchType: z.enum(['USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL', 'CUSTOM_ATTRIBUTE']).nullish().catch(null),
      matchAttribute: z.string().nullish(),
    })
    .nullish(),
  maxClockSkew: z.number().min(0).nullish().catch(null),
});

/** What an identity provider object says about sign-on, as it was entered. */
export interface InboundSettings {
  readonly protocol: z.output<typeof Protocol>;
  readonly policy: z.output<typeof Policy>;
}

/**
 * Reads an identity provider of type SAML2.
 * @throws SignOnRefused if it is not one, or not complete
 */
export function inboundSettings(provider: IdentityProvider): InboundSettings {
  const protocol = Protocol.safeParse(provider.protocol);
  const policy = Policy.safeParse(provider.policy);
  if (provider.type !== 'SAML2' || !protocol.success || !policy.success) {
    throw invalidMessage('the identity provider is not set up for SAML 2.0');
  }
  return { protocol: protocol.data, policy: policy.data };
}

/** The issuer whose assertions an identity provider accepts; null if it is none of SAML. */
export function issuerTrustedBy(provider: IdentityProvider): string | null {
  const protocol = Protocol.safeParse(provider.protocol);
  return provider.type === 'SAML2' && protocol.success ? protocol.data.credentials.trust.issuer : null;
}
