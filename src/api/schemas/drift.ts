import { z } from 'zod';
import { resourceNames } from '../../domain/assessment.js';
import { type DriftDifference, DriftOptions, type DriftReport } from '../../domain/drift.js';
import type { OperationStatus } from '../../domain/federation.js';
import type { Gate } from '../../domain/gate.js';
import { FieldValueSchema } from './assessment.js';
import { GateSchema } from './gate.js';
import { ProblemSchema } from './problem.js';

/** Body of POST …/drift. */
export const DriftDocument = DriftOptions.nullish().meta({ id: 'DriftOptions' });

const DriftDifferenceSchema: z.ZodType<DriftDifference> = z
  .object({
    org: z.string(),
    resource: z.enum(resourceNames),
    field: z.string().describe("Okta's path of the attribute"),
    specification: z
      .string()
      .nullable()
      .describe('The field of the specification that decides it; null for what is the same in every federation'),
    agreed: FieldValueSchema,
    found: FieldValueSchema,
    security: z.boolean().describe('Whether security rests on it'),
    ignored: z.boolean().describe('Whether a rule of the request, or of the schedule, says that it is wanted'),
    mended: z.boolean().describe('Whether this check has brought it back to what was agreed'),
    fix: z.string().exactOptional().describe('What a person must do, where neither a mend nor a PUT brings it back'),
    changed: z
      .object({
        at: z.string(),
        actorId: z.string().nullable(),
        actorType: z.string().nullable(),
        actorName: z.string().nullable(),
        eventType: z.string(),
        eventId: z.string(),
      })
      .nullable()
      .describe("The last change of the object in the org's System Log"),
  })
  .meta({ id: 'DriftDifference' });

export const DriftReportSchema: z.ZodType<DriftReport> = z
  .object({ differences: z.array(DriftDifferenceSchema), problems: z.array(ProblemSchema) })
  .meta({ id: 'DriftReport' });

/** What GET …/drift tells: the check that is running, or else the last one. */
export interface DriftAnswer
  extends DriftReport,
    Pick<OperationStatus, 'workflowId' | 'startedAt' | 'startedBy' | 'endedAt' | 'outcome'> {
  readonly federation: string;
  readonly agrees: boolean | null;
  readonly gates: readonly Gate[];
}

export const DriftSchema: z.ZodType<DriftAnswer> = z
  .object({
    federation: z.string(),
    workflowId: z.string(),
    startedAt: z.string(),
    startedBy: z.string(),
    endedAt: z.string().nullable(),
    outcome: z.enum(['done', 'stopped']).nullable(),
    agrees: z
      .boolean()
      .nullable()
      .describe('Whether both orgs are as agreed but for what is ignored or was mended. Null while the check runs'),
    differences: z.array(DriftDifferenceSchema),
    problems: z.array(ProblemSchema).describe('What no write would mend, and what could not be read'),
    gates: z.array(GateSchema).describe('The open gate, where a person must decide'),
  })
  .meta({ id: 'Drift' });
