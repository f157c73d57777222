import { patched, workflowInfo } from '@temporalio/workflow';
import type { ListProgress } from '../activities/sweep-activities.js';
import { problem } from '../domain/errors.js';
import type { ListRead, SweepList } from '../domain/sweep.js';
import { Stopped } from './problems.js';
import { callForSweep } from './sweep-activities.js';
import { HandOn, Incomplete } from './sweep-endings.js';
import type { SweepRun } from './sweep-run.js';

/** The lists of the SP org: each row is read by itself, one list after another. */
const population: readonly (readonly SweepList[])[] = [
  ['identityProviderUsers'],
  ['accessGroupMembers'],
  ['administrators', 'otherAdministrators'],
];
const source: readonly (readonly SweepList[])[] = [['assignments']];

/** Reads both orgs at the same time, then looks up who was named by one side only. */
export async function readBothOrgs(run: SweepRun): Promise<void> {
  const { scope } = run.spec;
  if (scope === 'everyone') {
    await all([
      run.step('population', () => readLists(run, 'sp', patched('listsTogether') ? population : [inOneRow()])),
      run.step('source', () => readLists(run, 'idp', source)),
    ]);
    await run.step('population', () => readLists(run, 'sp', [['otherSpUsers']]));
    await run.step('source', () => readLists(run, 'idp', [['otherIdpUsers']]));
    return;
  }
  await run.step('source', () => readUsers(run, 'idp', scope.users));
  await run.step('population', () => readUsers(run, 'sp', scope.users));
}

/** How sweeps have read the SP org that began before its lists were read at the same time. */
function inOneRow(): readonly SweepList[] {
  const others: readonly SweepList[] = patched('administratorsByGroups') ? ['otherAdministrators'] : [];
  return ['accessGroupMembers', 'identityProviderUsers', 'administrators', ...others];
}

/** All must have ended, whatever happens, before the failure of one counts. */
async function all(reads: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(reads)).find((read) => read.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function readLists(run: SweepRun, side: 'idp' | 'sp', rows: readonly (readonly SweepList[])[]): Promise<string> {
  await all(rows.map((lists) => readOneByOne(run, side, lists)));
  return told(run);
}

async function readOneByOne(run: SweepRun, side: 'idp' | 'sp', lists: readonly SweepList[]): Promise<void> {
  const step = side === 'sp' ? 'population' : 'source';
  const org = run.federation.orgs[side].name;
  for (const list of lists) {
    for (let from = progressOf(run, list); from?.done !== true; from = progressOf(run, list)) {
      const last = from === null ? null : { ...from, evidence: [] };
      const read = await trusting(run, org, () =>
        run.attempt(step, org, () => callForSweep(org, 'readSweepList', `Read: ${list}`, run.input, list, last)),
      );
      keep(run, step, read);
      if (historyIsLong()) throw new HandOn();
    }
  }
}

async function readUsers(run: SweepRun, side: 'idp' | 'sp', users: readonly string[]): Promise<string> {
  const step = side === 'sp' ? 'population' : 'source';
  const org = run.federation.orgs[side].name;
  const list = side === 'sp' ? 'accessGroupMembers' : 'assignments';
  if (progressOf(run, list) !== null) return told(run);
  const summary = `Read: ${users.length} user(s), one by one`;
  const read = await trusting(run, org, () =>
    run.attempt(step, org, () => callForSweep(org, 'readSweptUsers', summary, run.input, side, { users: [...users] })),
  );
  keep(run, step, read);
  return told(run);
}

/** What Okta refuses, or answers wrongly for good, makes the read incomplete. */
async function trusting<Result>(run: SweepRun, org: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const detail = error.problem.message;
    run.change({ reasons: [detail] });
    throw new Incomplete(problem('O2O_SWEEP_INCOMPLETE', { org, detail }));
  }
}

function progressOf(run: SweepRun, list: SweepList): Omit<ListProgress, 'evidence'> | null {
  return run.progress.reads.find(({ read }) => read.list === list) ?? null;
}

function keep(run: SweepRun, step: 'population' | 'source', { evidence, ...progress }: ListProgress): void {
  const others = run.progress.reads.filter(({ read }) => read.list !== progress.read.list);
  run.progress = { ...run.progress, reads: [...others, progress] };
  const lists = run.progress.reads.map(({ read }) => read);
  run.change({ lists, rate: rateOf(run, lists) });
  run.tell(step, told(run), evidence);
}

function told(run: SweepRun): string {
  const lists = run.progress.reads.map(({ read: { list, pages, items } }) => `${list} ${items} on ${pages} page(s)`);
  return `${lists.join(', ')}.`;
}

/** Entries per second since the sweep began, and the end that follows from the last complete sweep's lists. */
function rateOf(run: SweepRun, lists: readonly ListRead[]) {
  const count = (of: readonly Pick<ListRead, 'items'>[]) => of.reduce((sum, { items }) => sum + items, 0);
  const since = Date.parse(run.record.startedAt);
  const seconds = Math.max(0.001, (Date.now() - since) / 1000);
  const usersPerSecond = Math.round((count(lists) / seconds) * 10) / 10;
  const expected = run.progress.baseline === null ? 0 : count(run.progress.baseline.lists);
  const left = expected - count(lists);
  const expectedEnd =
    left <= 0 || usersPerSecond === 0 ? null : new Date(Date.now() + (left / usersPerSecond) * 1000).toISOString();
  return { usersPerSecond, expectedEnd };
}

/** Whether the run's history has become long enough to hand on to the next. */
export function historyIsLong(): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > 2_500;
}
