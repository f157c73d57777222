import { describe, expect, it } from 'vitest';
import { failuresOfUsers, usersReport } from '../../demo/users-report.js';
import { batchTold, proof, transition, usersTold } from './users-told.js';

const [row] = batchTold().rows;

describe("the users' part of the demo's report", () => {
  it('has no failures when all went as it must', () => {
    expect(failuresOfUsers(usersTold(), batchTold())).toEqual([]);
  });

  it('shows each step, the proof, the verdict and the rows', () => {
    expect(usersReport(usersTold(), batchTold())).toMatchObject({
      seconds: 1.5,
      transitions: [{ state: 'done' }, { state: 'cancelled' }, { state: 'done' }],
      proof: { digestHolds: true },
      diagnosis: { check: 'assigned' },
      batch: { state: 'done', refused: ['line 5, transition: is none'] },
    });
  });

  it.each([
    ['an onboarding stopped', usersTold({ transitions: [transition({ state: 'stopped' })] }), batchTold()],
    ['the proof states nothing', usersTold({ proof: proof({ statements: [] }) }), batchTold()],
    ['the proof was changed', usersTold({ proof: { ...proof(), reason: 'another one' } }), batchTold()],
    [
      'a statement is not proven',
      usersTold({
        proof: proof({
          statements: [{ name: 'x', statement: 'X', result: 'failed', detail: '', fix: null, evidence: [] }],
        }),
      }),
      batchTold(),
    ],
    [
      'the diagnosis finds another cause',
      usersTold({
        diagnosis: { ...usersTold().diagnosis, verdict: { result: 'passed', check: null, sentence: '', fix: null } },
      }),
      batchTold(),
    ],
    ['a row is missing', usersTold(), batchTold({ rows: row === undefined ? [] : [row] })],
  ])('fails when %s', (_, users, batch) => {
    expect(failuresOfUsers(users, batch)).not.toEqual([]);
  });
});
