import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RateGovernor } from '../../src/okta/rate-governor.js';
import { keepSending, LimitedOrg, type LimitedOrgOptions, pass, total, wait } from './support/limited-org.js';

const minute = 60_000;
const interactive = { priority: 'interactive' } as const;

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.300Z') }));
afterEach(() => void vi.useRealTimers());

/** Lets processes of one or more readers each go on for some minutes; answers the windows that are over. */
async function sweepFor(org: LimitedOrg, minutes: number, processes: number, readers: number) {
  const until = Date.now() + minutes * minute;
  const all = Array.from({ length: processes }, (_, index) => ({
    name: `worker ${index}`,
    governor: new RateGovernor('acme', 0.5),
  })).flatMap(({ name, governor }) =>
    Array.from({ length: readers }, () => keepSending(org, name, governor, until, { progress: 'nextPage' })),
  );
  await pass((minutes + 3) * minute);
  await Promise.all(all);
  return org.windows.filter(({ endsAt }) => endsAt <= until);
}

describe('the share of a bucket', () => {
  test.each([
    [1, 1],
    [1, 4],
    [2, 1],
    [2, 4],
  ])('is used by at least 95 %% and never exceeded by %i process(es) with %i reader(s) each', async (...run) => {
    const org = new LimitedOrg({ limit: 300, latencyMs: () => 60 });
    const windows = await sweepFor(org, 5, ...run);
    expect(windows.length).toBe(4);
    for (const window of windows) {
      expect(total(window)).toBeGreaterThanOrEqual(0.95 * 150);
      expect(total(window)).toBeLessThanOrEqual(150);
      expect(window.refused).toBe(0);
    }
  });

  test('is not exceeded by two processes, however large it is, slow the org, wrong its clock and rounded its reset', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          limit: fc.integer({ min: 10, max: 600 }),
          clockErrorMs: fc.integer({ min: -1e8, max: 1e8 }),
          rounding: fc.constantFrom('ceil' as const, 'floor' as const),
          latency: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
        }),
        fc.integer({ min: 1, max: 4 }),
        async ({ latency, ...options }, readers) => {
          let turn = 0;
          const org = new LimitedOrg({ ...options, latencyMs: () => latency[turn++ % latency.length] ?? 1 });
          for (const window of await sweepFor(org, 3, 2, readers)) {
            expect(total(window)).toBeLessThanOrEqual(Math.floor(options.limit / 2));
            expect(window.refused).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('is spread over the window', async () => {
    const org = new LimitedOrg({ limit: 300 });
    const [, window] = await sweepFor(org, 3, 2, 2);
    const quarters = [0, 1, 2, 3].map(
      (quarter) => window?.arrivals.filter((at) => Math.floor((4 * at) / minute) === quarter).length ?? 0,
    );
    for (const sent of quarters) {
      expect(sent).toBeGreaterThan(150 / 8);
      expect(sent).toBeLessThan(150 / 2);
    }
  });

  test('shrinks by what others use of the same budget', async () => {
    const org = new LimitedOrg({ limit: 300 });
    const until = Date.now() + 5 * minute;
    const stranger = (async () => {
      while (Date.now() < until) {
        org.take('stranger');
        await wait(600);
      }
    })();
    const windows = await sweepFor(org, 5, 2, 2);
    await stranger;
    for (const window of windows) {
      expect(total(window, 'stranger')).toBeGreaterThanOrEqual(98);
      expect(total(window)).toBeLessThanOrEqual(155);
      expect(window.refused).toBe(0);
    }
  });

  test('is left alone until the reset where others have used it up', async () => {
    const org = new LimitedOrg({ limit: 100 });
    const governor = new RateGovernor('acme', 0.5);
    for (let used = 0; used < 60; used += 1) org.take('stranger');
    const first = org.send('worker', governor, interactive);
    await pass(1_000);
    await first;
    await expect(org.send('worker', governor, interactive)).rejects.toMatchObject({ code: 'O2O_OKTA_RATE_LIMITED' });
    await pass(minute + 2_000);
    const next = org.send('worker', governor, interactive);
    await pass(1_000);
    expect(await next).toBe(200);
    expect(org.windows.length).toBe(2);
  });

  test.each<[string, Partial<LimitedOrgOptions>]>([
    ['that shows no headers', { headers: false }],
    ['whose windows are shorter', { windowMs: 20_000 }],
    ['whose clock is a day ahead', { clockErrorMs: 86_400_000 }],
  ])('is kept at an org %s', async (_case, options) => {
    const org = new LimitedOrg({ limit: 50, ...options });
    const windows = await sweepFor(org, 4, 1, 3);
    expect(windows.length).toBeGreaterThan(2);
    for (const window of windows) {
      expect(total(window)).toBeGreaterThan(15);
      expect(total(window)).toBeLessThanOrEqual(25);
    }
  });
});

describe('interactive work', () => {
  test('does not wait although a sweep uses all that it may', async () => {
    const org = new LimitedOrg({ limit: 300 });
    const until = Date.now() + 4 * minute;
    const governor = new RateGovernor('acme', 0.5);
    const sweep = keepSending(org, 'sweep', governor, until);
    const waits: number[] = [];
    const onboarding = (async () => {
      while (Date.now() < until) {
        const asked = Date.now();
        await org.send('onboarding', governor, interactive);
        waits.push(Date.now() - asked - 100);
        await wait(2_500);
      }
    })();
    await pass(6 * minute);
    await Promise.all([sweep, onboarding]);
    waits.sort((a, b) => a - b);
    expect(waits.length).toBeGreaterThan(80);
    expect(waits[Math.floor(waits.length * 0.95)]).toBeLessThanOrEqual(150);
    for (const window of org.windows) expect(total(window)).toBeLessThanOrEqual(150);
  });

  test('does not wait either where a sweep uses all that it may in another process', async () => {
    const org = new LimitedOrg({ limit: 300, latencyMs: () => 60 });
    const until = Date.now() + 10 * minute;
    const [here, there] = [new RateGovernor('acme', 0.5), new RateGovernor('acme', 0.5)];
    const sweeps = [1, 2].map(() => keepSending(org, 'sweep', there, until, { progress: 'nextPage' }));
    const waits: number[] = [];
    const onboardings = (async () => {
      while (Date.now() < until) {
        for (const progress of ['first', 'further', 'further'] as const) {
          const asked = Date.now();
          await org.send('onboarding', here, { ...interactive, progress });
          waits.push(Date.now() - asked - 120);
          await wait(150);
        }
        await wait(1_900);
      }
    })();
    await pass(12 * minute);
    await Promise.all([...sweeps, onboardings]);
    expect(waits.length).toBeGreaterThan(600);
    expect(Math.max(...waits)).toBeLessThanOrEqual(150);
    for (const window of org.windows) expect(total(window)).toBeLessThanOrEqual(150);
  });

  test('goes before batches, batches before sweeps, and what has begun before what has not', async () => {
    const org = new LimitedOrg({ limit: 300 });
    const governor = new RateGovernor('acme', 0.5);
    const order: string[] = [];
    const asked = [
      ['sweep', 'first'],
      ['batch', 'first'],
      ['batch', 'further'],
      ['interactive', 'first'],
      ['interactive', 'further'],
    ] as const;
    const scout = org.send('worker', governor);
    const all = asked.map(async ([priority, progress]) => {
      const admission = await governor.admit({
        method: 'GET',
        url: 'https://acme.okta.com/api/v1/apps',
        operation: 'listApplications',
        priority,
        progress,
        signal: undefined,
      });
      order.push(`${priority} ${progress}`);
      admission?.lost();
    });
    await pass(10_000);
    await Promise.all([scout, ...all]);
    expect(order).toEqual(['interactive further', 'interactive first', 'batch further', 'batch first', 'sweep first']);
  });
});

describe('a request whose turn comes late', () => {
  /** A governor that has seen that the share is used up. */
  async function usedUp(): Promise<{ org: LimitedOrg; governor: RateGovernor }> {
    const org = new LimitedOrg({ limit: 100 });
    const governor = new RateGovernor('acme', 0.5);
    for (let used = 0; used < 60; used += 1) org.take('stranger');
    const first = org.send('worker', governor);
    await pass(1_000);
    await first;
    return { org, governor };
  }

  test('is put off until the reset, each one to a later time than the one before', async () => {
    const { org, governor } = await usedUp();
    const delays: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      await org.send('worker', governor).catch((error: { code: string; retryAfterMs: number }) => {
        expect(error.code).toBe('O2O_OKTA_RATE_LIMITED');
        delays.push(error.retryAfterMs);
      });
    }
    expect(delays.length).toBe(5);
    expect(delays.every((delay, index) => delay > (delays[index - 1] ?? 58_000) && delay <= 90_000)).toBe(true);
  });

  test('waits in place if it continues a list, which must not be begun anew', async () => {
    const { org, governor } = await usedUp();
    const page = org.send('worker', governor, { progress: 'nextPage' });
    await pass(minute + 3_000);
    expect(await page).toBe(200);
    expect(org.windows.length).toBe(2);
  });

  test('ends with its activity, and lets the next one go', async () => {
    const { org, governor } = await usedUp();
    const controller = new AbortController();
    const reason = new Error('the activity was cancelled');
    const cancelled = org.send('worker', governor, { progress: 'nextPage', signal: controller.signal });
    const other = org.send('worker', governor, { progress: 'nextPage' });
    controller.abort(reason);
    await expect(cancelled).rejects.toBe(reason);
    await pass(minute + 3_000);
    expect(await other).toBe(200);
  });

  test('waits a little in place and is not put off', async () => {
    const org = new LimitedOrg({ limit: 50 });
    const governor = new RateGovernor('acme', 0.5);
    const sent: Promise<number>[] = [];
    for (let count = 0; count < 6; count += 1) {
      sent.push(org.send('worker', governor));
      await pass(200);
    }
    await pass(10_000);
    expect(await Promise.all(sent)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(org.windows[0]?.arrivals.at(-1)).toBeGreaterThan(1_500);
  });
});

describe('after an answer 429', () => {
  const asked = {
    method: 'GET',
    url: 'https://acme.okta.com/api/v1/logs',
    operation: 'listLogEvents',
    priority: 'interactive',
    progress: 'first',
    signal: undefined,
  } as const;

  test('nothing is sent until the reset, even if the answer shows none', async () => {
    const governor = new RateGovernor('acme', 0.5);
    (await governor.admit(asked))?.answered(429, new Headers());
    const refused = governor.admit(asked);
    await expect(refused).rejects.toMatchObject({ code: 'O2O_OKTA_RATE_LIMITED' });
    await pass(62_000);
    expect(await governor.admit(asked)).not.toBeNull();
  });

  test('for too many at the same time, fewer are sent at the same time; then more again', async () => {
    const governor = new RateGovernor('acme', 1);
    const headers = () =>
      new Headers({
        date: new Date().toUTCString(),
        'x-rate-limit-limit': '100000',
        'x-rate-limit-remaining': '99999',
        'x-rate-limit-reset': String(Math.ceil(Date.now() / 1000) + 40),
      });
    const tooMany = new Headers({ 'x-rate-limit-limit': '0', 'x-rate-limit-remaining': '0' });
    (await governor.admit(asked))?.answered(200, headers());
    const atOnce = async () => {
      const controller = new AbortController();
      const admitted: { answered(status: number, headers: Headers): void }[] = [];
      const all = Array.from({ length: 40 }, () =>
        governor.admit({ ...asked, signal: controller.signal }).then(
          (admission) => admission !== null && admitted.push(admission),
          () => undefined,
        ),
      );
      await pass(1);
      const count = admitted.length;
      controller.abort();
      await Promise.all(all);
      return {
        count,
        end: (status: number, answer: Headers) =>
          admitted[0] && [...admitted].map((one) => one.answered(status, answer)),
      };
    };
    const first = await atOnce();
    expect(first.count).toBe(35);
    first.end(429, tooMany);
    const second = await atOnce();
    expect(second.count).toBe(17);
    second.end(200, headers());
    for (let count = 0; count < 120; count += 1) (await governor.admit(asked))?.answered(200, headers());
    const third = await atOnce();
    expect(third.count).toBeGreaterThan(17);
  });
});

test('what Okta does not limit passes at once', async () => {
  const governor = new RateGovernor('acme', 0.5);
  const metadata = { url: 'https://acme.okta.com/.well-known/okta-organization', method: 'GET', operation: 'x' };
  expect(await governor.admit({ ...metadata, priority: 'sweep', progress: 'first', signal: undefined })).toBeNull();
});
