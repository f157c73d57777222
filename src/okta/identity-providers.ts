import { z } from 'zod';
import { Link, Nothing } from './answer.js';
import { path } from './request-path.js';
import type { OktaSession } from './session.js';

const Action = z.looseObject({ action: z.string().nullish() });

/** A SAML 2.0 identity provider. What is not named here is kept, so that it can be written back. */
export const IdentityProvider = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  status: z.string(),
  protocol: z.looseObject({
    endpoints: z
      .looseObject({
        sso: z
          .looseObject({
            url: z.string().nullish(),
            binding: z.string().nullish(),
            destination: z.string().nullish(),
          })
          .nullish(),
        acs: z.looseObject({ binding: z.string().nullish(), type: z.string().nullish() }).nullish(),
      })
      .nullish(),
    credentials: z
      .looseObject({
        trust: z
          .looseObject({
            issuer: z.string().nullish(),
            audience: z.string().nullish(),
            kid: z.string().nullish(),
            additionalKids: z.array(z.string()).nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
  policy: z
    .looseObject({
      provisioning: Action.extend({
        profileMaster: z.boolean().nullish(),
        conditions: z.looseObject({ deprovisioned: Action.nullish(), suspended: Action.nullish() }).nullish(),
      }).nullish(),
      accountLink: Action.nullish(),
      subject: z
        .looseObject({
          userNameTemplate: z.looseObject({ template: z.string().nullish() }).nullish(),
          filter: z.string().nullish(),
          matchType: z.string().nullish(),
        })
        .nullish(),
      maxClockSkew: z.number().nullish(),
    })
    .nullish(),
  _links: z.looseObject({ acs: Link.nullish() }).nullish(),
});
export type IdentityProvider = z.output<typeof IdentityProvider>;

/** Body of a new identity provider, or of a replacement. */
export type IdentityProviderBody = Readonly<Record<string, unknown>>;

const facts = (idp: IdentityProvider) => ({
  id: idp.id,
  status: idp.status,
  issuer: idp.protocol.credentials?.trust?.issuer ?? null,
  audience: idp.protocol.credentials?.trust?.audience ?? null,
  acsUrl: idp._links?.acs?.href ?? null,
  kid: idp.protocol.credentials?.trust?.kid ?? null,
});

/** All SAML 2.0 identity providers of the org. */
export function listIdentityProviders(session: OktaSession): Promise<IdentityProvider[]> {
  return session.list({
    operation: 'listIdentityProviders',
    method: 'GET',
    path: '/api/v1/idps',
    query: { type: 'SAML2', limit: 200 },
    answer: z.array(IdentityProvider),
    facts: (idps) => ({ ids: idps.map((idp) => idp.id) }),
  });
}

export function getIdentityProvider(session: OktaSession, idpId: string): Promise<IdentityProvider> {
  return session.call(getCall(idpId));
}

/** Like `getIdentityProvider`; null if the org has no such identity provider. */
export function findIdentityProvider(session: OktaSession, idpId: string): Promise<IdentityProvider | null> {
  return session.find(getCall(idpId));
}

const getCall = (idpId: string) =>
  ({
    operation: 'getIdentityProvider',
    method: 'GET',
    path: path`/api/v1/idps/${idpId}`,
    answer: IdentityProvider,
    facts,
  }) as const;

/** Okta gives it its ACS URL and audience. A name that exists is refused with status 400. */
export function createIdentityProvider(session: OktaSession, idp: IdentityProviderBody): Promise<IdentityProvider> {
  return session.call({
    operation: 'createIdentityProvider',
    method: 'POST',
    path: '/api/v1/idps',
    body: idp,
    answer: IdentityProvider,
    facts,
  });
}

/** Replaces the whole identity provider: pass what `getIdentityProvider` returned, changed. */
export function replaceIdentityProvider(
  session: OktaSession,
  idpId: string,
  idp: IdentityProviderBody,
): Promise<IdentityProvider> {
  return session.call({
    operation: 'replaceIdentityProvider',
    method: 'PUT',
    path: path`/api/v1/idps/${idpId}`,
    body: idp,
    answer: IdentityProvider,
    facts,
  });
}

export function activateIdentityProvider(session: OktaSession, idpId: string): Promise<IdentityProvider> {
  return session.call({
    operation: 'activateIdentityProvider',
    method: 'POST',
    path: path`/api/v1/idps/${idpId}/lifecycle/activate`,
    answer: IdentityProvider,
    facts,
  });
}

/** Switches it off: nobody signs on through it any more. */
export function deactivateIdentityProvider(session: OktaSession, idpId: string): Promise<IdentityProvider> {
  return session.call({
    operation: 'deactivateIdentityProvider',
    method: 'POST',
    path: path`/api/v1/idps/${idpId}/lifecycle/deactivate`,
    answer: IdentityProvider,
    facts,
  });
}

/** Deletes it; its users are unlinked and stay. */
export function deleteIdentityProvider(session: OktaSession, idpId: string): Promise<void> {
  return session.call({
    operation: 'deleteIdentityProvider',
    method: 'DELETE',
    path: path`/api/v1/idps/${idpId}`,
    answer: Nothing,
    facts: () => ({ id: idpId }),
  });
}
