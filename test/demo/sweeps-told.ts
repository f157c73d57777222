import { leftBehind } from '../../demo/people.js';
import type { SweepsTold } from '../../demo/sweep-story.js';
import type { SweepAnswer } from '../../src/api/schemas/sweep.js';
import type { SweepFindingAnswer, SweepScheduleAnswer } from '../../src/cli/sweeps-client.js';
import type { Gate } from '../../src/domain/gate.js';
import { SweepSpec, type SweepStep } from '../../src/domain/sweep.js';
import { proof } from './users-told.js';

const spec = SweepSpec.parse({ mode: 'enforce' });

const fuse: SweepStep = {
  name: 'fuse',
  title: 'Are these few enough to act on?',
  state: 'done',
  decided: 'Few enough.',
  evidence: [],
  gate: null,
  problem: null,
  startedAt: null,
  endedAt: null,
};

const none = {
  entitled: 0,
  idpUserMissing: 0,
  idpUserDeactivated: 0,
  idpUserSuspended: 0,
  unassigned: 0,
  inactive: 0,
  expired: 0,
  duplicate: 0,
  unmanaged: 0,
  protected: 0,
  unknown: 0,
};

/** A sweep that has ended one user. */
export function sweep(changes: Partial<SweepAnswer> = {}): SweepAnswer {
  const read = { ended: true, repeated: 0, emptyWithin: 0 };
  return {
    id: 's1',
    federationId: 'acme',
    spec,
    state: 'done',
    startedBy: 'alice',
    trigger: 'request',
    startedAt: '2027-01-01T00:00:00.000Z',
    endedAt: '2027-01-01T00:00:04.000Z',
    attempt: 1,
    lists: [
      { list: 'accessGroupMembers', pages: 2, items: 9, ...read },
      { list: 'assignments', pages: 1, items: 8, ...read },
    ],
    population: 9,
    source: 8,
    findings: { ...none, entitled: 8, unassigned: 1 },
    actions: { listed: 1, pending: 0, done: 1, withdrawn: 0, failed: 0, notDone: 0 },
    listDigest: `sha256:${'1'.repeat(64)}`,
    reasons: [],
    steps: [fuse],
    rate: { usersPerSecond: 4.5, expectedEnd: null },
    waitingFor: null,
    orderedBy: null,
    updatedAt: '2027-01-01T00:00:04.000Z',
    links: { self: '/v1/federations/acme/sweeps/s1', findings: '', events: '' },
    ...changes,
  };
}

const until = '2027-01-04T00:00:00.000Z';

const gate: Gate = {
  name: 'sweepFuse-1',
  kind: 'sweepFuse',
  question: 'Shall 3 of 9 user(s) be acted on?',
  instructions: ['Read the whole list.'],
  evidence: { listed: 3 },
  choices: [
    { value: 'approve', meaning: 'Act on exactly this list' },
    { value: 'reject', meaning: 'End the sweep; nothing is done' },
  ],
  role: 'approver',
  openedAt: '2027-01-01T00:00:00.000Z',
  expiresAt: until,
  state: 'open',
  answer: null,
};

/** The same at its fuse. */
export function waitingSweep(): SweepAnswer {
  return sweep({
    state: 'gate',
    endedAt: null,
    actions: { listed: 3, pending: 3, done: 0, withdrawn: 0, failed: 0, notDone: 0 },
    reasons: ['3 users would be acted on, more than 2'],
    waitingFor: `another person's approval, until ${until}`,
    steps: [{ ...fuse, state: 'gate', decided: null, gate }],
  });
}

export function finding(changes: Partial<SweepFindingAnswer> = {}): SweepFindingAnswer {
  return {
    spUserId: '00u2',
    idpUserId: '00u1',
    login: 'mary@acme.example',
    kind: 'unassigned',
    reason: 'Nothing assigns her.',
    action: 'deactivate',
    evidence: {},
    outcome: 'done',
    transition: 2,
    note: null,
    proof: null,
    foundAt: '2027-01-01T00:00:02.000Z',
    ...changes,
  };
}

export function schedule(changes: Partial<SweepScheduleAnswer> = {}): SweepScheduleAnswer {
  return {
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    paused: false,
    note: null,
    spec,
    setBy: 'alice',
    nextTimes: ['2027-01-02T01:30:00.000Z'],
    recentSweeps: ['/v1/federations/acme/sweeps/s1'],
    droppedOut: 1,
    ...changes,
  };
}

/** A story of sweeps that went as it must. */
export function sweepsTold(changes: Partial<SweepsTold> = {}): SweepsTold {
  const { one, others } = leftBehind;
  const answer = { choice: 'approve', by: 'approver@demo', why: 'read', at: until };
  const approved = sweep({ steps: [{ ...fuse, gate: { ...gate, state: 'answered', answer } }] });
  const proofOf = (login: string) => proof({ user: { login, idpUserId: '00u1', spUserId: '00u2' } });
  return {
    report: {
      sweep: sweep({ spec: SweepSpec.parse({}) }),
      listed: [finding({ login: one.login, outcome: 'pending' })],
    },
    small: { sweep: sweep(), listed: [finding({ login: one.login })] },
    blown: ['3 users would be acted on, more than 2'],
    ownApproval: 'O2O_FORBIDDEN',
    approved: { sweep: approved, listed: others.map(({ login }) => finding({ login })) },
    proofs: [one, ...others].map(({ login }) => proofOf(login)),
    seconds: 1.04,
    ...changes,
  };
}
