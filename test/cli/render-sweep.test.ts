import { describe, expect, it } from 'vitest';
import { renderFinding, renderSchedule, renderSweep, renderSweepLine } from '../../src/cli/render-sweep.js';
import { finding, schedule, sweep, waitingSweep } from '../demo/sweeps-told.js';

describe('a sweep', () => {
  it('says in one line what it came to', () => {
    expect(renderSweepLine(sweep())).toBe(
      'Sweep s1 (enforce): done, by alice; 8 entitled, 1 unassigned, of 9 users with 8 assignments; 1 in all: 1 done',
    );
  });

  it('says what was read of each list, and how fast', () => {
    const text = renderSweep(sweep());
    expect(text).toContain('Read: 17 users on 3 pages, 4.5 a second');
    expect(text).toContain('  9 members of the access group (2 pages)');
    expect(text).toContain('  8 assigned in the IdP org (1 page)');
  });

  it('tells at its fuse why it asks, and the commands with exactly this list', () => {
    const { listDigest } = waitingSweep();
    const text = renderSweep(waitingSweep());
    expect(text).toContain("Waits for another person's approval");
    expect(text).toContain('3 users would be acted on, more than 2');
    expect(text).toContain(`org2org sweep approve acme s1 --digest ${listDigest} --why "…"   Act on exactly this list`);
    expect(text).toContain('org2org sweep findings acme s1 --listed');
    expect(text).toContain('somebody else than alice');
  });
});

it('a finding says who, what, why and what became of it', () => {
  expect(renderFinding(finding()).split('\n')).toEqual([
    'mary@acme.example  unassigned  deactivate: done (transition 2)',
    '      Nothing assigns her.',
  ]);
});

it('a schedule says when, by whom, and how many sweeps dropped out', () => {
  expect(renderSchedule(schedule()).split('\n')).toEqual([
    'Sweeps (enforce) at 30 2 * * *, Europe/Berlin, set by alice',
    '  next 2027-01-02T01:30:00.000Z',
    '  last /v1/federations/acme/sweeps/s1',
    '1 dropped out because the one before still ran.',
  ]);
  const paused = renderSchedule(schedule({ paused: true, note: 'paused by jane' }));
  expect(paused).toContain('paused, set by alice');
  expect(paused).toContain('It was paused by jane.');
  expect(paused).not.toContain('next');
});
