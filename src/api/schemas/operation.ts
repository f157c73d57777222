import { z } from 'zod';
import {
  type AnsweredGate,
  type OperationAccepted,
  type OperationReference,
  type OperationStatus,
  operationKinds,
  type Step,
  stepNames,
} from '../../domain/federation.js';
import { AssessmentSchema, CheckSchema, ChoicesSchema, KnownValuesSchema, MadeSchema } from './assessment.js';
import { DriftReportSchema } from './drift.js';
import { FederationSpecSchema } from './federation-spec.js';
import { GateSchema } from './gate.js';
import { ProblemSchema } from './problem.js';

const kind = z.enum(operationKinds);
const outcome = z.enum(['done', 'stopped']).nullable();

export const StepSchema: z.ZodType<Step> = z
  .object({
    name: z.enum(stepNames),
    title: z.string(),
    guide: z.string(),
    side: z.enum(['idp', 'sp', 'both']),
    state: z.enum(['pending', 'running', 'waiting', 'gate', 'stopped', 'done', 'skipped', 'planned']),
    assessment: AssessmentSchema.nullable(),
    applied: z.array(z.string()),
    gate: GateSchema.nullable(),
    checks: z.array(CheckSchema),
    problem: ProblemSchema.nullable(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'Step' });

export const OperationReferenceSchema: z.ZodType<OperationReference> = z
  .object({
    number: z.int(),
    kind,
    workflowId: z.string(),
    startedAt: z.string(),
    startedBy: z.string(),
    endedAt: z.string().nullable(),
    outcome,
  })
  .meta({ id: 'OperationReference' });

const AnsweredGateSchema: z.ZodType<AnsweredGate> = z.object({
  name: z.string(),
  evidence: z.string(),
  by: z.string(),
  why: z.string(),
  choice: z.string(),
  at: z.string(),
});

export const OperationStatusSchema: z.ZodType<OperationStatus> = z
  .object({
    kind,
    workflowId: z.string(),
    startedAt: z.string(),
    startedBy: z.string(),
    endedAt: z.string().nullable(),
    outcome,
    steps: z.array(StepSchema),
    known: KnownValuesSchema,
    chosen: ChoicesSchema,
    answeredGates: z.array(AnsweredGateSchema),
    options: z.record(z.string(), z.unknown()).exactOptional().describe('What was asked for besides the kind'),
    made: MadeSchema.exactOptional(),
    drift: DriftReportSchema.exactOptional(),
    changedNothing: z.literal(true).exactOptional().describe('It stopped before it had begun to change anything'),
    spec: FederationSpecSchema.exactOptional().describe('The specification as the operation leaves it, if changed'),
  })
  .meta({ id: 'OperationStatus' });

/** Answer 202: the operation that is running now. */
export const OperationAcceptedSchema: z.ZodType<OperationAccepted> = z
  .object({
    operation: OperationReferenceSchema,
    started: z.boolean().describe('False if the same command had already started this operation'),
  })
  .meta({ id: 'OperationAccepted' });
