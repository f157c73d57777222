import { z } from 'zod';

/** Headers of a route that commands something. */
export const commandHeaders = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .describe(
      'A new random value per command. The same command sent again with it, for example after a lost answer, acts once',
    ),
});

/** What the documentation says of a route: what it does, and under which heading it stands. */
export function documented(summary: string, tag = 'federations') {
  return { summary, tags: [tag], security: [{ apiToken: [] }] };
}
