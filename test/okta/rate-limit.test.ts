import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listApplications } from '../../src/okta/applications.js';
import { rateLimitOf, retryDelay } from '../../src/okta/rate-limit.js';
import type { ObservedAnswer } from '../../src/okta/request-executor.js';
import { json, startServer } from './support/local-server.js';
import { openTestSession } from './support/open-session.js';

const now = Date.parse('2026-03-01T12:00:00Z');
/** What a header may hold when something between Okta and us has gone wrong. */
const odd = fc.oneof(
  fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) }),
  fc.integer().map(String),
  fc.constantFrom('', '0', '-1', 'NaN', '1e99', '99999999999999', '1772366400, 1772366430', 'Sun, 01 Mar 2026'),
);
const header = (values: Record<string, string>) => new Headers(values);

describe('the wait after an answer 429', () => {
  test("lasts until the reset by the clock of the answer, not by this machine's", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: -1e6, max: 1e6 }), (seconds, clockError) => {
        const headers = header({
          date: new Date(now).toUTCString(),
          'x-rate-limit-limit': '100',
          'x-rate-limit-reset': String(now / 1000 + seconds),
        });
        expect(retryDelay(headers, now + clockError * 1000)).toBe((seconds + 1) * 1000);
      }),
    );
  });

  test('is between 1 s and 90 s whatever the headers hold', () => {
    fc.assert(
      fc.property(fc.option(odd), fc.option(odd), fc.option(odd), (limit, reset, date) => {
        const headers = new Headers();
        if (limit !== null) headers.set('x-rate-limit-limit', limit);
        if (reset !== null) headers.set('x-rate-limit-reset', reset);
        if (date !== null) headers.set('date', date);
        const delay = retryDelay(headers, now);
        expect(delay).toBeGreaterThanOrEqual(1_000);
        expect(delay).toBeLessThanOrEqual(90_000);
      }),
    );
  });

  test.each([
    ['without a reset: one window', {}, 60_000],
    ['with a reset that is over', { 'x-rate-limit-reset': String(now / 1000 - 3600) }, 1_000],
    ['with a reset in an hour', { 'x-rate-limit-reset': String(now / 1000 + 3600) }, 90_000],
    ['with two resets: the later one', { 'x-rate-limit-reset': `${now / 1000 + 10}, ${now / 1000 + 30}` }, 31_000],
    [
      'by concurrency (limit 0): short',
      { 'x-rate-limit-limit': '0', 'x-rate-limit-reset': String(now / 1000 + 50) },
      5_000,
    ],
  ])('%s', (_case, headers: Record<string, string>, expected) => {
    expect(retryDelay(header(headers), now)).toBe(expected);
  });
});

describe('the state of a bucket, which stands in every answer', () => {
  const headers = {
    'x-rate-limit-limit': '50',
    'x-rate-limit-remaining': '34',
    'x-rate-limit-reset': String(now / 1000),
  };

  test('is known only if all three headers tell it', () => {
    expect(rateLimitOf(header(headers))).toEqual({ limit: 50, remaining: 34, resetAt: '2026-03-01T12:00:00.000Z' });
    expect(rateLimitOf(header({ ...headers, 'x-rate-limit-remaining': '' }))).toBeNull();
  });

  test('is whole numbers and a time, or unknown, whatever the headers hold', () => {
    fc.assert(
      fc.property(fc.option(odd), fc.option(odd), fc.option(odd), (limit, remaining, reset) => {
        const sent = new Headers();
        if (limit !== null) sent.set('x-rate-limit-limit', limit);
        if (remaining !== null) sent.set('x-rate-limit-remaining', remaining);
        if (reset !== null) sent.set('x-rate-limit-reset', reset);
        const state = rateLimitOf(sent);
        if (state === null) return;
        expect([state.limit, state.remaining].every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
        expect(Number.isNaN(Date.parse(state.resetAt))).toBe(false);
      }),
    );
  });
});

test.each<[string, Record<string, string>]>([
  ['has no rate headers', {}],
  ['has absurd ones', { 'x-rate-limit-limit': 'many', 'x-rate-limit-remaining': '-3', 'x-rate-limit-reset': '1e400' }],
])('an answer 200 that %s is read like any other', async (_case, rateHeaders) => {
  const server = await startServer((_request, response) => json(response, 200, [], rateHeaders));
  const seen: ObservedAnswer[] = [];
  const session = openTestSession(server.url, { onAnswer: (answer) => seen.push(answer) });
  expect(await listApplications(session)).toEqual([]);
  expect(seen.map(({ status, rateLimit }) => [status, rateLimit])).toEqual([[200, null]]);
});
