import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** The secrets that event hooks of one org may send, several at once while one takes the place of another. */
export const EventHookSecrets = z.strictObject({
  /** SHA-256 of each secret. */
  sha256: z
    .array(
      z
        .string()
        .regex(/^[0-9a-f]{64}$/i, 'must be the SHA-256 of the secret, 64 hexadecimal digits, never the secret itself'),
    )
    .min(1, 'must name at least one secret')
    .max(5),
});
export type EventHookSecrets = z.output<typeof EventHookSecrets>;

/** Whether a hook has sent one of the secrets. Takes equally long for every secret. */
export function isHookSecret({ sha256 }: EventHookSecrets, presented: string): boolean {
  const digest = createHash('sha256').update(presented).digest();
  return sha256.map((hash) => timingSafeEqual(Buffer.from(hash, 'hex'), digest)).includes(true);
}
