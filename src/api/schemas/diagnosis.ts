import { z } from 'zod';
import { Name } from '../../domain/federation-spec.js';
import { Login } from '../../domain/login.js';
import type { UserDiagnosis } from '../../domain/user-diagnosis.js';
import type { Verdict } from '../../domain/verdict.js';
import { CheckSchema } from './assessment.js';

export const DiagnosisPath = z.object({ id: Name, login: Login });

export const VerdictSchema: z.ZodType<Verdict> = z
  .object({
    result: z
      .enum(['passed', 'failed', 'unknown'])
      .describe('`unknown`: nothing was found, but not everything could be looked at'),
    check: z.string().nullable().describe('Name of the check that failed first, in the order of cause'),
    sentence: z.string(),
    fix: z.string().nullable().describe('What to do'),
  })
  .meta({ id: 'Verdict' });

export const UserDiagnosisSchema: z.ZodType<UserDiagnosis> = z
  .object({
    federationId: z.string(),
    at: z.string(),
    verdict: VerdictSchema,
    checks: z.array(CheckSchema).describe('In the order of cause: what fails first explains what fails after it'),
  })
  .meta({ id: 'UserDiagnosis' });
