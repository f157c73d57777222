import { describe, expect, it } from 'vitest';
import { failuresOfSweeps, sweepsReport } from '../../demo/sweeps-report.js';
import { finding, sweep, sweepsTold } from './sweeps-told.js';
import { proof } from './users-told.js';

const { small, approved, proofs } = sweepsTold();

describe("the sweeps' part of the demo's report", () => {
  it('has no failures when all went as it must', () => {
    expect(failuresOfSweeps(sweepsTold())).toEqual([]);
  });

  it('shows who was found, what became of them, who approved it and whose proof holds', () => {
    expect(sweepsReport(sweepsTold())).toMatchObject({
      seconds: 1,
      sweeps: [
        { mode: 'report', state: 'done', listed: [{ login: 'hedy@partner.example', outcome: 'pending' }] },
        { mode: 'enforce', state: 'done', listed: [{ login: 'hedy@partner.example', outcome: 'done' }] },
        { mode: 'enforce', state: 'done', listed: [{}, {}, { login: 'sophie@partner.example', outcome: 'done' }] },
      ],
      approvedBy: 'approver@demo',
      proofs: [{ holds: true }, { holds: true }, { holds: true }, { holds: true }],
    });
  });

  it.each([
    ['a sweep stopped', { small: { ...small, sweep: sweep({ state: 'stopped' }) } }],
    ['the sweep finds nobody', { small: { ...small, listed: [] } }],
    ['the sweep takes somebody else, too', { small: { ...small, listed: [...small.listed, finding()] } }],
    [
      'an action failed',
      { small: { ...small, listed: small.listed.map((one) => ({ ...one, outcome: 'failed' as const })) } },
    ],
    ['the fuse did not blow', { blown: [] }],
    ['whoever started it may approve it', { ownApproval: null }],
    ['nobody approved it', { approved: { ...approved, sweep: sweep() } }],
    ['a proof is missing', { proofs: proofs.slice(1) }],
    ['a proof was changed', { proofs: [{ ...(proofs[0] ?? proof()), reason: 'another one' }, ...proofs.slice(1)] }],
  ])('fails when %s', (_, changes) => {
    expect(failuresOfSweeps(sweepsTold(changes))).not.toEqual([]);
  });
});
