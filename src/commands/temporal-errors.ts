import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  QueryNotRegisteredError,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { type ErrorCode, isErrorCode, Org2OrgError, type Problem, problem } from '../domain/errors.js';

/** A workflow turned a command down and said why. */
export class WorkflowRefusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
    this.name = 'WorkflowRefusal';
  }

  get code(): ErrorCode {
    return this.problem.code;
  }
}

/** gRPC code of a query that nobody can answer: no worker polls, or the workflow was closed before its first task. */
export const failedPrecondition = 9;

/** gRPC codes that say that the server, or a worker behind it, cannot answer now: numbers of the gRPC standard. */
const unavailable = new Set([
  8, // RESOURCE_EXHAUSTED
  failedPrecondition,
  14, // UNAVAILABLE
]);

/** Turns what Temporal's client throws into an error of the catalogue; other errors stay what they are. */
export function temporalError(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError)
    return refusal(error.cause) ?? error;
  if (
    isGrpcDeadlineError(error) ||
    isGrpcCancelledError(error) ||
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    error instanceof QueryNotRegisteredError ||
    unavailable.has(grpcCode(error) ?? 0)
  ) {
    return new Org2OrgError('O2O_TEMPORAL_UNAVAILABLE', {}, { cause: error });
  }
  return error;
}

/** The gRPC status code of an error or of its cause; null if it is not one of gRPC. */
export function grpcCode(error: unknown): number | null {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && error.cause !== undefined ? grpcCode(error.cause) : null;
}

const Described = z.object({
  message: z.string(),
  fix: z.string(),
  retryable: z.boolean(),
  org: z.string().nullable(),
});

function refusal(cause: unknown): WorkflowRefusal | null {
  if (!(cause instanceof ApplicationFailure) || cause.type == null || !isErrorCode(cause.type)) return null;
  const described = Described.safeParse(cause.details?.[0]);
  return new WorkflowRefusal(described.success ? { code: cause.type, ...described.data } : problem(cause.type));
}
