import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Alarm,
  type AlarmThresholds,
  alarmEvents,
  alarmsOf,
  type RaisedAlarm,
  type Watched,
  type WatchedFederation,
  type WatchedGate,
} from '../../src/domain/alarm.js';
import type { DriftDifference } from '../../src/domain/drift.js';
import type { Step } from '../../src/domain/federation.js';

const now = Date.parse('2026-06-01T00:00:00.000Z');
const thresholds: AlarmThresholds = { certificateDays: [60, 30, 7], gateStuckAfterHours: 24 };
const calm: WatchedFederation = { id: 'acme', certificateExpires: null, setup: null, verification: null, drift: null };

const days = (count: number) => new Date(now + count * 24 * 60 * 60 * 1000).toISOString();
const hours = (count: number) => new Date(now + count * 60 * 60 * 1000).toISOString();

function watched(change: Partial<Watched>): Watched {
  return { federations: [], gates: [], uncounted: {}, ...change };
}

function step(change: Partial<Step>): Step {
  return {
    name: 'signOn',
    title: '',
    guide: '',
    side: 'both',
    state: 'done',
    assessment: null,
    applied: [],
    gate: null,
    checks: [],
    problem: null,
    startedAt: null,
    endedAt: null,
    ...change,
  };
}

function gate(change: Partial<WatchedGate>): WatchedGate {
  return {
    federationId: 'acme',
    workflowId: 'user/acme/abc',
    kind: 'pushNotArrived',
    openedAt: hours(-25),
    expiresAt: days(6),
    ...change,
  };
}

const alarms = (change: Partial<Watched>) => alarmsOf(watched(change), thresholds, now);
const short = ({ kind, severity }: Alarm) => `${kind} ${severity}`;

describe('an alarm is raised for', () => {
  it.each([
    [61, []],
    [60, ['certificateExpires warning']],
    [30, ['certificateExpires warning']],
    [7, ['certificateExpires critical']],
    [-1, ['certificateExpires critical']],
  ])('a certificate that ends in %i days: %j', (left, expected) => {
    expect(alarms({ federations: [{ ...calm, certificateExpires: days(left) }] }).map(short)).toEqual(expected);
  });

  it('a setup that has stopped, but not for one that runs or has ended well', () => {
    const setup = (outcome: 'done' | 'stopped' | null) =>
      alarms({ federations: [{ ...calm, setup: { outcome, steps: [] } }] });
    expect(setup('stopped').map(short)).toEqual(['operationStopped warning']);
    expect([...setup('done'), ...setup(null)]).toEqual([]);
  });

  it('a verification with a failed check, which it names', () => {
    const check = { name: 'push', statement: '', result: 'failed' as const, detail: '', fix: null, evidence: [] };
    const verification = { outcome: 'done' as const, steps: [step({ checks: [check] })] };
    const [alarm] = alarms({ federations: [{ ...calm, verification }] });
    expect(alarm).toMatchObject({ kind: 'verificationFailed', severity: 'critical', facts: { checks: ['push'] } });
  });

  it.each(['spTokenLife', 'spTokenAccepted'])(
    'an SP token that ends or has ended, as %s of the last verification tells',
    (name) => {
      const check = { name, statement: '', result: 'failed' as const, detail: 'T1', fix: 'x', evidence: [] };
      const verification = { outcome: 'done' as const, steps: [step({ checks: [check] })] };
      expect(alarms({ federations: [{ ...calm, verification }] }).map(short)).toEqual([
        'tokenExpires critical',
        'verificationFailed critical',
      ]);
    },
  );

  it('what differs from what was agreed, critical where security rests on it, not where it is wanted or mended', () => {
    const difference: DriftDifference = {
      org: 'acme',
      resource: 'identityProvider',
      field: 'policy.maxClockSkew',
      specification: 'identityProvider.maxClockSkew',
      agreed: 120_000,
      found: 0,
      security: false,
      ignored: false,
      mended: false,
      changed: null,
    };
    const found = (...changes: Partial<DriftDifference>[]) => {
      const drift = { drift: { differences: changes.map((change) => ({ ...difference, ...change })), problems: [] } };
      return alarms({ federations: [{ ...calm, drift }] }).map(short);
    };
    expect(found({})).toEqual(['drift warning']);
    expect(found({}, { security: true })).toEqual(['drift critical']);
    expect(found({ ignored: true }, { mended: true, security: true })).toEqual([]);
  });

  it('the fuse of a sweep at once, and another gate once it has waited too long', () => {
    const fuse = gate({ kind: 'sweepFuse', workflowId: 'sweep/acme/1', openedAt: hours(0) });
    expect(alarms({ gates: [fuse, gate({ openedAt: hours(-23) })] }).map(short)).toEqual(['fuseBlown critical']);
    expect(alarms({ gates: [gate({})] }).map(short)).toEqual(['gateStuck warning']);
  });

  it('all stuck gates of a federation together', () => {
    const gates = [gate({}), gate({ workflowId: 'user/acme/def' }), gate({ federationId: 'beta' })];
    expect(alarms({ gates, uncounted: { acme: 7 } }).map(({ id }) => id)).toEqual(['gateStuck/acme', 'gateStuck/beta']);
    expect(alarms({ gates, uncounted: { acme: 7 } })[0]?.message).toContain('and 7 workflow(s) more');
  });
});

describe('what has changed since the look before', () => {
  const alarm = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constant('drift' as const),
    severity: fc.constantFrom('warning' as const, 'critical' as const),
    federationId: fc.constant('acme'),
    message: fc.constant(''),
    fix: fc.constant(''),
    facts: fc.constant({}),
  });
  const look = fc.uniqueArray(alarm, { selector: ({ id }) => id });

  it('is nothing where nothing has changed, and keeps the time of the first look', () => {
    fc.assert(
      fc.property(look, (standing) => {
        const first = alarmEvents([], standing, '1');
        const second = alarmEvents(first.alarms, standing, '2');
        expect(second.events).toEqual([]);
        expect(second.alarms).toEqual(first.alarms);
      }),
    );
  });

  it('is told anew for a certificate at each nearer limit, once', () => {
    let standing: readonly RaisedAlarm[] = [];
    const told = [70, 60, 59, 31, 30, 30, 8, 7, 7, 1].map((left) => {
      const found = alarms({ federations: [{ ...calm, certificateExpires: days(left) }] });
      const look = alarmEvents(standing, found, days(-left));
      standing = look.alarms;
      return [left, ...look.events.map(({ event, alarm: { facts } }) => `${event} ${facts.within}`)];
    });
    expect(told.filter(([, ...events]) => events.length > 0)).toEqual([
      [60, 'raised 60'],
      [30, 'changed 30'],
      [7, 'changed 7'],
    ]);
    expect(standing).toMatchObject([{ raisedAt: days(-60), changedAt: days(-7) }]);
  });

  it('leads from any alarms to any others: who follows the events knows the alarms', () => {
    fc.assert(
      fc.property(look, look, (earlier, later) => {
        const first = alarmEvents([], earlier, '1');
        const second = alarmEvents(first.alarms, later, '2');
        const known = new Map<string, RaisedAlarm>();
        for (const { event, alarm: told } of [...first.events, ...second.events]) {
          if (event === 'cleared') known.delete(told.id);
          else known.set(told.id, told);
        }
        expect([...known.keys()].sort()).toEqual(second.alarms.map(({ id }) => id).sort());
        for (const { id, severity } of second.alarms) expect(known.get(id)?.severity).toBe(severity);
      }),
    );
  });
});
