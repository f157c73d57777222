import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { Org2OrgError } from '../../src/domain/errors.js';
import { activityFailures } from '../../src/worker/activity-failures.js';

const logged: LogEntry[] = [];
const logger = new DefaultLogger('TRACE', (entry) => logged.push(entry));

const token = '00planted_token-0123456789012345678901234567';

async function failureOf(activity: () => Promise<unknown>): Promise<unknown> {
  const environment = new MockActivityEnvironment({}, { interceptors: [activityFailures], logger });
  return environment.run(activity).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function applicationFailureOf(thrown: unknown): Promise<ApplicationFailure> {
  const failure = await failureOf(() => Promise.reject(thrown));
  if (failure instanceof ApplicationFailure) return failure;
  throw new Error('not an ApplicationFailure', { cause: failure });
}

describe('what a failed activity tells its workflow', () => {
  it('is the whole problem, and that it is final if trying again cannot help', async () => {
    const error = new Org2OrgError('O2O_GROUP_MISSING', { org: 'acme', group: 'Sales' });
    const failure = await applicationFailureOf(error);
    expect(failure).toMatchObject({
      type: 'O2O_GROUP_MISSING',
      message: 'The org acme has no group Sales.',
      nonRetryable: true,
      details: [error.problem],
    });
  });

  it('is when Okta wants to be asked again, and no alarm, if trying again can help', async () => {
    const values = { org: 'acme', operation: 'listUsers' };
    const failure = await applicationFailureOf(
      new Org2OrgError('O2O_OKTA_RATE_LIMITED', values, { retryAfterMs: 7_000 }),
    );
    expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: 7_000, category: 'BENIGN' });
  });

  it('leaves the delay to the retry policy if Okta names none', async () => {
    const failure = await applicationFailureOf(new Org2OrgError('O2O_OKTA_TIMEOUT', { org: 'acme', operation: 'x' }));
    expect(failure).toMatchObject({ nonRetryable: false, nextRetryDelay: undefined });
  });

  it.each([
    ['an error nobody foresaw', new TypeError(`cannot read token ${token} of undefined`)],
    ['something that is no error', token],
    ['the cause of a problem', new Org2OrgError('O2O_INTERNAL', {}, { cause: new Error(token) })],
  ])('says nothing of the text of %s', async (_, thrown) => {
    const failure = await applicationFailureOf(thrown);
    expect(failure.type).toBe('O2O_INTERNAL');
    expect(failure.nonRetryable).toBe(true);
    const told = [failure.message, failure.stack, JSON.stringify(failure.details), String(failure.cause)];
    expect(told.join('\n')).not.toContain('planted');
  });

  it('stands in the log of the worker without secrets, but with the place in the code', async () => {
    await failureOf(() => Promise.reject(new TypeError(`cannot read token ${token} of undefined`)));
    const entry = logged.findLast(({ message }) => message === 'Activity failed unexpectedly');
    expect(entry?.meta).toMatchObject({ name: 'TypeError', reason: 'cannot read token (removed) of undefined' });
    expect(entry?.meta?.at).toContainEqual(expect.stringContaining('activity-failures.test.ts'));
    expect(JSON.stringify(logged.map(({ meta }) => meta))).not.toContain('planted');
  });

  it('shows no place in the code', async () => {
    expect((await applicationFailureOf(new Error('x'))).stack).not.toMatch(/\n/);
  });

  it('is the cancellation itself if the activity was cancelled', async () => {
    expect(await failureOf(() => Promise.reject(new CancelledFailure('stop')))).toBeInstanceOf(CancelledFailure);
  });
});
