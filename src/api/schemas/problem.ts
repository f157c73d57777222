import { z } from 'zod';
import { catalogue, type ErrorCode, isErrorCode, type Problem } from '../../domain/errors.js';

const Code: z.ZodType<ErrorCode> = z
  .string()
  .refine(isErrorCode, 'must be a code of the catalogue')
  .meta({ id: 'ErrorCode', enum: Object.keys(catalogue).sort() });

const describedProblem = {
  code: Code,
  fix: z.string().describe('What the operator should do'),
  retryable: z.boolean().describe('Whether trying again can help without anyone doing anything'),
  org: z.string().nullable(),
};

/** What keeps a step from going on. */
export const ProblemSchema: z.ZodType<Problem> = z
  .object({ ...describedProblem, message: z.string() })
  .meta({ id: 'Problem' });

/** One field of a request that is wrong. */
const FieldError = z.object({
  pointer: z.string().describe('JSON pointer into the part of the request that `detail` names'),
  message: z.string(),
  fix: z.string(),
});

/** Body of every answer that is not a success (RFC 9457, `application/problem+json`). */
export const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    instance: z.string().describe('The address that was asked for'),
    ...describedProblem,
    requestId: z.string(),
    errors: z.array(FieldError),
  })
  .meta({ id: 'ProblemDocument' });
export type ProblemDocument = z.output<typeof ProblemDocument>;
