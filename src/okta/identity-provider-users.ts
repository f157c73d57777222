import { z } from 'zod';
import { path } from './request-path.js';
import type { OktaPage, OktaSession } from './session.js';
import { User } from './users.js';

/** A user who is linked to an identity provider, together with the user as the org has it. */
export const IdentityProviderUser = z.looseObject({ id: z.string(), _embedded: z.looseObject({ user: User }) });
export type IdentityProviderUser = z.output<typeof IdentityProviderUser>;

/** Up to 200 users who are linked to the identity provider: the first page, or the one that begins at `after`. */
export function pageOfIdentityProviderUsers(
  session: OktaSession,
  identityProviderId: string,
  after: string | null,
): Promise<OktaPage<IdentityProviderUser>> {
  return session.page({
    operation: 'listIdentityProviderApplicationUsers',
    method: 'GET',
    path: path`/api/v1/idps/${identityProviderId}/users`,
    query: { limit: 200, expand: 'user', after: after ?? undefined },
    answer: z.array(IdentityProviderUser),
    facts: (users) => ({ count: users.length }),
  });
}
