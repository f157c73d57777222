import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { type ErrorCode, isErrorCode, type Problem, problem } from '../domain/errors.js';

/** Ends an operation in an orderly way: the step says what a person must mend. */
export class Stopped extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
    this.name = 'Stopped';
  }
}

/** Waits between looks at an org that does not answer: 10 s, doubled up to 10 min. */
export function patience(wait: number): number {
  return Math.min(10_000 * 2 ** wait, 600_000);
}

/** Turns down a message to a workflow; the API answers with the catalogue's entry. */
export function refusal(code: ErrorCode, values: Readonly<Record<string, string | number>> = {}): ApplicationFailure {
  const described = problem(code, values);
  return ApplicationFailure.create({
    message: described.message,
    type: code,
    nonRetryable: true,
    details: [described],
  });
}

/** What went wrong in an activity, as its worker described it; null if the error is not one of an activity. */
export function problemOf(error: unknown, org: string): Problem | null {
  if (!(error instanceof ActivityFailure)) return null;
  const { cause } = error;
  if (cause instanceof TimeoutFailure) {
    return cause.timeoutType === 'SCHEDULE_TO_START'
      ? problem('O2O_NO_WORKER', { org })
      : problem('O2O_OKTA_TIMEOUT', { org, operation: error.activityType });
  }
  if (!(cause instanceof ApplicationFailure)) return null;
  const described = cause.details?.[0];
  if (isProblem(described)) return described;
  return { ...problem('O2O_INTERNAL'), org };
}

/** What a workflow that somebody waits for ends with: the problem that its activity met, so that the API answers with it. */
export function endedBy(error: unknown, org: string): unknown {
  const found = problemOf(error, org);
  return found === null ? error : endedWith(found);
}

/** The failure of a workflow that somebody waits for, by which the API knows the problem. */
export function endedWith(found: Problem): ApplicationFailure {
  return ApplicationFailure.create({
    message: found.message,
    type: found.code,
    nonRetryable: true,
    details: [found],
  });
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    isErrorCode(value.code) &&
    'retryable' in value &&
    typeof value.retryable === 'boolean'
  );
}
