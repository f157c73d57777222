import { describe, expect, it } from 'vitest';
import { type DecideSweep, type SweepRecord, SweepSpec } from '../../src/domain/sweep.js';
import { checkDecision } from '../../src/workflows/sweep-decisions.js';

const expiresAt = '2026-01-04T00:00:00.000Z';
const before = Date.parse(expiresAt) - 1;

const gate = {
  name: 'sweepFuse-1',
  kind: 'sweepFuse',
  question: 'Shall they be acted on?',
  instructions: [],
  evidence: {},
  choices: [
    { value: 'approve', meaning: 'yes' },
    { value: 'reject', meaning: 'no' },
  ],
  role: 'approver' as const,
  openedAt: '2026-01-01T00:00:00.000Z',
  expiresAt,
  state: 'open' as const,
  answer: null,
};

/** A sweep that waits at its fuse. */
const waiting = {
  id: 'sweep',
  federationId: 'acme-to-partner',
  spec: SweepSpec.parse({ mode: 'enforce' }),
  state: 'gate',
  startedBy: 'ops',
  listDigest: 'sha256:list',
  steps: [{ name: 'fuse', gate }],
} as unknown as SweepRecord;

const approval: DecideSweep = {
  decision: 'approve',
  listDigest: 'sha256:list',
  why: 'read',
  actor: { name: 'another', roles: ['approver'] },
};

const refusedWith = (said: Partial<DecideSweep>, sweep = waiting, now = before, cancelled = false) => {
  try {
    checkDecision(sweep, { ...approval, ...said }, cancelled, now);
    return null;
  } catch (error) {
    return error instanceof Error && 'type' in error ? error.type : error;
  }
};

const withGate = (change: object): SweepRecord =>
  ({ ...waiting, steps: [{ name: 'fuse', gate: { ...gate, ...change } }] }) as unknown as SweepRecord;

describe('a decision about the list of a sweep', () => {
  it('counts for exactly this list, by another person who may approve, until it expires', () => {
    expect(refusedWith({})).toBeNull();
    expect(refusedWith({ listDigest: 'sha256:other' })).toBe('O2O_SWEEP_OTHER_LIST');
    expect(refusedWith({ actor: { name: 'ops', roles: ['approver'] } })).toBe('O2O_SWEEP_OWN_APPROVAL');
    expect(refusedWith({ actor: { name: 'another', roles: ['operator'] } })).toBe('O2O_GATE_FORBIDDEN');
  });

  it('comes too late once the time is over, also where no worker has noticed it', () => {
    expect(refusedWith({}, waiting, Date.parse(expiresAt))).toBe('O2O_SWEEP_APPROVAL_EXPIRED');
    expect(refusedWith({}, withGate({ state: 'expired' }))).toBe('O2O_SWEEP_APPROVAL_EXPIRED');
  });

  it('counts once, and not for a sweep that was cancelled or has not come to its fuse', () => {
    expect(refusedWith({}, withGate({ state: 'answered' }))).toBe('O2O_SWEEP_STATE');
    expect(refusedWith({}, withGate({ state: 'expired' }), before, true)).toBe('O2O_SWEEP_STATE');
    expect(refusedWith({}, { ...waiting, steps: [] })).toBe('O2O_SWEEP_STATE');
  });

  it('may be a no of the starter: that does no harm', () => {
    const own = { decision: 'reject', actor: { name: 'ops', roles: ['approver'] } } as const;
    expect(refusedWith(own)).toBeNull();
  });
});
