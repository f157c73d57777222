import { z } from 'zod';
import type { Live } from '../../domain/federation.js';

export const LiveSchema: z.ZodType<Live> = z
  .object({
    since: z.string(),
    verification: z.int().nullable().describe('Number of the verification that passed; null where a person said so'),
    by: z.string().describe('Who started that verification, or the person'),
    why: z.string().nullable().describe('Why the person said so'),
  })
  .meta({ id: 'Live' });

/** Body of POST …/live. */
export const GoLiveDocument = z
  .strictObject({ why: z.string().trim().min(1, 'must say why').max(1000) })
  .meta({ id: 'GoLive' });
