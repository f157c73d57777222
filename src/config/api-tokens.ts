import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Actor, roles } from '../domain/gate.js';

/** A token of our own API: its name is the actor in every record, its value is known to its owner only. */
export const ApiToken = z.strictObject({
  name: z.string().regex(/^[\w.@-]{1,100}$/, 'must be letters, digits and . _ @ - only'),
  /** SHA-256 of the token. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be the SHA-256 of the token, 64 hexadecimal digits, never the token itself'),
  roles: z.array(z.enum(roles)).min(1),
});
export type ApiToken = z.output<typeof ApiToken>;

/** Who presents this token; null if nobody. Takes equally long for every token. */
export function findApiToken(tokens: readonly ApiToken[], presented: string): Actor | null {
  const digest = createHash('sha256').update(presented).digest();
  const matching = tokens.filter((token) => timingSafeEqual(Buffer.from(token.sha256, 'hex'), digest));
  const [token] = matching;
  return token === undefined ? null : { name: token.name, roles: token.roles };
}
