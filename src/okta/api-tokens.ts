import { z } from 'zod';
import type { OktaSession } from './session.js';

/** An API token of the org: who owns it and until when it works. Its value is never shown. */
export const ApiToken = z.looseObject({
  id: z.string(),
  name: z.string(),
  userId: z.string().nullish(),
  created: z.string().nullish(),
  expiresAt: z.string().nullish(),
});
export type ApiToken = z.output<typeof ApiToken>;

/** All API tokens of the org. */
export function listApiTokens(session: OktaSession): Promise<ApiToken[]> {
  return session.list({
    operation: 'listApiTokens',
    method: 'GET',
    path: '/api/v1/api-tokens',
    answer: z.array(ApiToken),
    facts: (tokens) => ({ ids: tokens.map((token) => token.id) }),
  });
}
