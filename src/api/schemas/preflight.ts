import { z } from 'zod';
import type { Preflight } from '../../domain/preflight.js';
import { CheckSchema } from './assessment.js';
import { VerdictSchema } from './diagnosis.js';

export const PreflightSchema: z.ZodType<Preflight> = z
  .object({
    idp: z.string(),
    sp: z.string(),
    at: z.string(),
    verdict: VerdictSchema,
    checks: z.array(CheckSchema).describe('In the order of cause: what fails first explains what fails after it'),
    advice: z.array(CheckSchema).describe('What does not stand in the way, but is better settled'),
  })
  .meta({ id: 'Preflight' });
