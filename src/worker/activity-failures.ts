import { Context, log } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { Org2OrgError } from '../domain/errors.js';
import { scrub } from '../okta/scrub.js';

/** A problem of the catalogue as the history keeps it: no cause, no stack, nothing that could hold a secret. */
function failureOf({ problem, retryAfterMs }: Org2OrgError): ApplicationFailure {
  const failure = ApplicationFailure.create({
    type: problem.code,
    message: problem.message,
    nonRetryable: !problem.retryable,
    details: [problem],
    ...(retryAfterMs === null ? {} : { nextRetryDelay: retryAfterMs }),
    ...(problem.retryable ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
  failure.stack = `${failure.name}: ${failure.message}`;
  return failure;
}

function isCancellation(error: unknown): boolean {
  if (error instanceof CancelledFailure) return true;
  return Context.current().cancellationSignal.aborted && error instanceof Error && error.name === 'AbortError';
}

/** What may be logged of an error that nobody foresaw: its text scrubbed, and where in the code it was thrown. */
function logged(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { thrown: typeof error };
  const at = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, reason: scrub(error.message), at: at?.map((line) => line.trim()) };
}

/**
 * Turns what an activity throws into what a workflow understands: a problem of the catalogue with `retryable` and
 * Okta's own delay. An error that is not of the catalogue becomes `O2O_INTERNAL`; its text goes into the log only.
 */
export function activityFailures(): ActivityInterceptors {
  return {
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          if (isCancellation(error)) throw error;
          if (error instanceof Org2OrgError) throw failureOf(error);
          log.error('Activity failed unexpectedly', logged(error));
          throw failureOf(new Org2OrgError('O2O_INTERNAL'));
        }
      },
    },
  };
}
