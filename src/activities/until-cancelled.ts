import { Context } from '@temporalio/activity';

/**
 * What Temporal answers, unless the activity is cancelled before: workflows that nobody runs any more do not answer while a
 * worker stops. The connection of a worker knows no signal to give up by (`NativeConnection` of the SDK 1.24), so the
 * question itself is left alone.
 *
 * @throws CancelledFailure as soon as the activity is cancelled
 */
export function untilCancelled<Result>(ask: () => Promise<Result>): Promise<Result> {
  return Promise.race([ask(), Context.current().cancelled]);
}
