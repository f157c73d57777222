import { z } from 'zod';
import type { Live, OperationStatus } from '../../domain/federation.js';
import { VerificationOptions, type VerificationReport } from '../../domain/verification.js';
import { CheckSchema } from './assessment.js';
import { LiveSchema } from './live.js';
import { ProblemSchema } from './problem.js';

/** Body of POST …/verification. */
export const VerificationDocument = VerificationOptions.nullish().meta({ id: 'VerificationOptions' });

/** What GET …/verification tells: the verification that is running, or else the last one. */
export interface VerificationAnswer
  extends VerificationReport,
    Pick<OperationStatus, 'workflowId' | 'startedAt' | 'startedBy' | 'endedAt'> {
  readonly federation: string;
  readonly live: Live | null;
}

export const VerificationSchema: z.ZodType<VerificationAnswer> = z
  .object({
    federation: z.string(),
    workflowId: z.string(),
    startedAt: z.string(),
    startedBy: z.string(),
    endedAt: z.string().nullable(),
    result: z
      .enum(['passed', 'failed', 'unknown'])
      .nullable()
      .describe('`unknown`: nothing failed, and something that matters could not be tried. Null while it runs'),
    checklist: z.array(CheckSchema).describe("The five lines of the guide's verification checklist"),
    configuration: z.array(CheckSchema).describe('Both halves of the connection, compared field by field'),
    keyPoints: z.array(CheckSchema).describe("The guide's key points: service account, push and JIT, deactivation"),
    canary: z.array(CheckSchema).describe('What the canary went through, and that none is left'),
    problems: z.array(ProblemSchema).describe('What kept a step from going on'),
    live: LiveSchema.nullable(),
  })
  .meta({ id: 'Verification' });
