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

/** What the documentation says of a federation's route. */
export function documented(summary: string) {
  return { summary, tags: ['federations'], security: [{ apiToken: [] }] };
}
