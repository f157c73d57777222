import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrgClock } from '../../src/okta/org-clock.js';

const start = Date.parse('2026-03-01T12:00:00Z');

test('a moment of the org is never taken for past too early, whatever its clock shows and however slow the answers are', () => {
  const answers = fc.array(
    fc.record({
      pauseMs: fc.integer({ min: 0, max: 3_000 }),
      thereMs: fc.integer({ min: 0, max: 500 }),
      backMs: fc.integer({ min: 0, max: 500 }),
    }),
    { minLength: 1, maxLength: 50 },
  );
  fc.assert(
    fc.property(answers, fc.integer({ min: -1e9, max: 1e9 }), (sent, clockErrorMs) => {
      const clock = new OrgClock();
      let local = 1_000;
      for (const { pauseMs, thereMs, backMs } of sent) {
        const sentAt = local + pauseMs;
        local = sentAt + thereMs + backMs;
        const date = Math.floor((start + clockErrorMs + sentAt + thereMs) / 1000) * 1000;
        clock.observe(date, sentAt, local);
      }
      const known = clock.localTimeOf(start + clockErrorMs + 100_000);
      expect(known).toBeGreaterThanOrEqual(100_000);
      expect(known).toBeLessThanOrEqual(102_000);
    }),
  );
});

test('a clock that was set is believed at once', () => {
  const clock = new OrgClock();
  clock.observe(start, 1_000, 1_100);
  clock.observe(start - 3_600_000, 2_000, 2_100);
  expect(clock.localTimeOf(start - 3_600_000)).toBe(2_100);
});
