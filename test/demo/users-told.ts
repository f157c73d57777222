import type { BatchTold } from '../../demo/batch-story.js';
import type { UsersTold } from '../../demo/user-story.js';
import type { TransitionReport } from '../../src/api/schemas/user.js';
import type { OffboardingProof } from '../../src/domain/offboarding-proof.js';
import { digestOf } from '../../src/domain/proof-digest.js';
import type { RowCounts } from '../../src/domain/user-batch.js';

export function transition(changes: Partial<TransitionReport> = {}): TransitionReport {
  return {
    number: 1,
    kind: 'onboard',
    state: 'done',
    dryRun: false,
    at: null,
    reason: null,
    ticket: null,
    profile: null,
    assignBy: null,
    requestedBy: 'alice',
    requestedAt: '2027-01-01T00:00:00.000Z',
    startedAt: '2027-01-01T00:00:00.000Z',
    endedAt: '2027-01-01T00:00:01.000Z',
    note: null,
    steps: [],
    before: null,
    after: null,
    proof: null,
    ...changes,
  };
}

export function proof(changes: Partial<Omit<OffboardingProof, 'digest'>> = {}): OffboardingProof {
  const content: Omit<OffboardingProof, 'digest'> = {
    kind: 'org2org/offboarding-proof/1',
    federationId: 'acme',
    transition: 3,
    user: { login: 'joan@acme.example', idpUserId: '00u1', spUserId: '00u2' },
    requestedBy: 'alice',
    reason: 'left',
    ticket: 'HR-1',
    statements: [
      {
        name: 'deprovisioned',
        statement: 'The user 00u2 is deactivated in partner',
        result: 'passed',
        detail: 'DEPROVISIONED',
        fix: null,
        evidence: [
          {
            org: 'partner',
            operation: 'getUser',
            status: 200,
            at: '2027-01-01T00:00:00.000Z',
            requestId: 'r1',
            facts: {},
          },
        ],
      },
    ],
    provenAt: '2027-01-01T00:00:00.000Z',
    ...changes,
  };
  return { ...content, digest: digestOf(content) };
}

/** A story of users that went as it must. */
export function usersTold(changes: Partial<UsersTold> = {}): UsersTold {
  return {
    transitions: [
      transition(),
      transition({ number: 2, kind: 'offboard', state: 'cancelled' }),
      transition({ number: 3, kind: 'offboard' }),
    ],
    proof: proof(),
    diagnosis: {
      federationId: 'acme',
      at: '2027-01-01T00:00:00.000Z',
      verdict: { result: 'failed', check: 'assigned', sentence: 'Assigned: no.', fix: 'Assign.' },
      checks: [],
    },
    seconds: 1,
    ...changes,
  };
}

const counts: RowCounts = {
  refused: 1,
  pending: 0,
  running: 0,
  done: 3,
  planned: 0,
  gate: 0,
  stopped: 0,
  unfinished: 0,
  superseded: 0,
  cancelled: 0,
};

/** A batch that went as it must: three rows are done, the fourth is refused. */
export function batchTold(changes: Partial<BatchTold> = {}): BatchTold {
  return {
    batch: {
      id: '0123456789abcdef01234567',
      federationId: 'acme',
      state: 'done',
      options: { onError: 'skip', dryRun: false, transition: null, inFlight: 10 },
      startedBy: 'alice',
      startedAt: '2027-01-01T00:00:00.000Z',
      endedAt: '2027-01-01T00:00:01.000Z',
      orderedBy: null,
      rows: 4,
      counts,
      changed: 3,
      waitsFor: null,
      links: { self: '', rows: '', events: '' },
    },
    refused: [{ row: 4, line: 5, column: 'transition', reason: 'is none', fix: 'Write one.' }],
    rows: [1, 2, 3, 4].map((row) => ({
      row,
      login: row === 4 ? null : `user${row}@acme.example`,
      kind: row === 4 ? null : 'onboard',
      state: row === 4 ? 'refused' : 'done',
      problem: row === 4 ? { message: 'transition is none' } : null,
    })),
    seconds: 0.5,
    ...changes,
  };
}
