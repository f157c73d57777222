import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowedOf,
  type BucketView,
  ceilingOf,
  planRequest,
  type RateDecision,
  ratePriorities,
  type UnderWay,
} from '../../src/okta/rate-plan.js';

const windowMs = 60_000;
const now = 1_000_000;

interface Situation {
  readonly view: BucketView;
  readonly underWay: UnderWay;
  readonly share: number;
}

const situation: fc.Arbitrary<Situation> = fc
  .record({
    limit: fc.integer({ min: 1, max: 5_000 }),
    usedPart: fc.double({ min: 0, max: 1, noNaN: true }),
    ownPart: fc.double({ min: 0, max: 1, noNaN: true }),
    leftMs: fc.integer({ min: -5_000, max: windowMs }),
    agePart: fc.double({ min: 0, max: 1, noNaN: true }),
    count: fc.integer({ min: 0, max: 40 }),
    sentAgoMs: fc.integer({ min: 0, max: 5_000 }),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
  })
  .map(({ limit, usedPart, ownPart, leftMs, agePart, count, sentAgoMs, share }) => {
    const used = Math.floor(limit * usedPart);
    const elapsed = windowMs - leftMs;
    return {
      view: {
        limit,
        used,
        own: Math.floor(used * ownPart),
        windowMs,
        endsAt: now + leftMs,
        seenAt: now - Math.floor(Math.min(elapsed, windowMs) * agePart),
      },
      underWay: { count, lastSentAt: now - sentAgoMs },
      share,
    };
  });
const priority = fc.constantFrom(...ratePriorities);
const running = situation.filter(({ view }) => view.endsAt > now);
const msOf = (decision: RateDecision) => (decision.action === 'send' ? 0 : decision.ms);

describe('the plan of a request', () => {
  test('never sends one more than the share, whoever has used it', () => {
    fc.assert(
      fc.property(running, priority, ({ view, underWay, share }, who) => {
        if (planRequest(view, underWay, share, who, now).action !== 'send') return;
        expect(view.used + underWay.count + 1).toBeLessThanOrEqual(allowedOf(view.limit, share));
      }),
    );
  });

  test('tells a time that is positive and not later than a second after the end of the window', () => {
    fc.assert(
      fc.property(situation, priority, fc.integer({ min: 0, max: 30 }), ({ view, underWay, share }, who, ahead) => {
        const decision = planRequest(view, underWay, share, who, now, ahead);
        if (decision.action === 'send') return;
        expect(decision.ms).toBeGreaterThan(0);
        expect(decision.ms).toBeLessThanOrEqual(Math.max(1_000, view.endsAt + 1_000 - now));
      }),
    );
  });

  test('never lets lower work go where higher work has to wait', () => {
    fc.assert(
      fc.property(situation, ({ view, underWay, share }) => {
        const [interactive, batch, sweep] = ratePriorities.map(
          (who) => planRequest(view, underWay, share, who, now).action,
        );
        if (sweep === 'send') expect(batch).toBe('send');
        if (batch === 'send') expect(interactive).toBe('send');
      }),
    );
  });

  test('sends, once the time has come that it told, if nothing else has happened', () => {
    fc.assert(
      fc.property(running, priority, ({ view, share }, who) => {
        const idle = { count: 0, lastSentAt: now - 10_000 };
        const decision = planRequest(view, idle, share, who, now);
        const later = planRequest(view, idle, share, who, now + Math.ceil(msOf(decision)));
        if (view.used <= view.own) expect(later.action).toBe('send');
      }),
    );
  });

  test('refuses everybody until the reset where more is used than the share', () => {
    fc.assert(
      fc.property(running, priority, ({ view, underWay, share }, who) => {
        const full = { ...view, used: Math.max(view.used, allowedOf(view.limit, share)) };
        expect(planRequest(full, underWay, share, who, now)).toEqual({
          action: 'refuse',
          ms: view.endsAt + 1_000 - now,
        });
      }),
    );
  });

  test('keeps a part for interactive work that nothing else may touch', () => {
    fc.assert(
      fc.property(running, fc.integer({ min: 4, max: 5_000 }), ({ view }, limit) => {
        const allowed = allowedOf(limit, 0.5);
        fc.pre(allowed > 1);
        const at = { ...view, limit, used: ceilingOf(allowed, 'sweep'), own: 0, seenAt: now, endsAt: now + 500 };
        const idle = { count: 0, lastSentAt: now - 10_000 };
        expect(planRequest(at, idle, 0.5, 'sweep', now).action).toBe('refuse');
        expect(planRequest(at, idle, 0.5, 'batch', now).action).toBe('refuse');
        expect(planRequest(at, idle, 0.5, 'interactive', now).action).toBe('send');
      }),
    );
  });

  test('does not hold that part back for what others may have sent since the last answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 5_000 }), fc.integer({ min: 0, max: 1_500 }), (limit, age) => {
        const used = ceilingOf(allowedOf(limit, 0.5), 'sweep');
        const at = { limit, used, own: 0, windowMs, seenAt: now - age, endsAt: now + 200 };
        const idle = { count: 0, lastSentAt: now - 10_000 };
        expect(planRequest(at, idle, 0.5, 'interactive', now).action).toBe('send');
      }),
    );
  });

  test('sends one request first where nothing is known of the window', () => {
    const idle = { count: 0, lastSentAt: Number.NEGATIVE_INFINITY };
    expect(planRequest(null, idle, 0.5, 'sweep', now).action).toBe('send');
    expect(planRequest(null, { count: 1, lastSentAt: now }, 0.5, 'interactive', now).action).toBe('wait');
    expect(planRequest(null, { count: 1, lastSentAt: now - 1_000 }, 0.5, 'interactive', now).action).toBe('send');
  });
});
