import { digestHolds } from '../src/domain/proof-digest.js';
import { leftBehind } from './people.js';
import type { SweepsTold, SweepTold } from './sweep-story.js';

/** What the demo saw of sweeps, for `--report`. */
export interface SweepsReport {
  readonly seconds: number;
  readonly sweeps: readonly {
    readonly mode: string;
    readonly state: string;
    readonly population: number;
    readonly listed: readonly { readonly login: string; readonly kind: string; readonly outcome: string | null }[];
  }[];
  /** Why the fuse of the last one has blown, who may not approve it, and who did. */
  readonly blown: readonly string[];
  readonly ownApproval: string | null;
  readonly approvedBy: string | null;
  readonly proofs: readonly { readonly login: string; readonly holds: boolean }[];
}

export function sweepsReport({
  report,
  small,
  approved,
  blown,
  ownApproval,
  proofs,
  seconds,
}: SweepsTold): SweepsReport {
  return {
    seconds: Math.round(seconds * 10) / 10,
    sweeps: [report, small, approved].map(({ sweep: { spec, state, population }, listed }) => ({
      mode: spec.mode,
      state,
      population,
      listed: listed.map(({ login, kind, outcome }) => ({ login, kind, outcome })),
    })),
    blown,
    ownApproval,
    approvedBy: approverOf(approved),
    proofs: proofs.map((proof) => ({
      login: proof.user.login,
      holds: digestHolds(proof) && proof.statements.every(({ result }) => result === 'passed'),
    })),
  };
}

function approverOf({ sweep }: SweepTold): string | null {
  return sweep.steps.find(({ name }) => name === 'fuse')?.gate?.answer?.by ?? null;
}

/** What of the sweeps' story did not go as it must; empty if all did. */
export function failuresOfSweeps(told: SweepsTold): string[] {
  const { sweeps, blown, ownApproval, approvedBy, proofs } = sweepsReport(told);
  const logins = (people: readonly { readonly login: string }[]) => people.map(({ login }) => login).sort();
  const everybody = logins([leftBehind.one, ...leftBehind.others]);
  const expected = [
    ['report', [leftBehind.one], 'pending'],
    ['enforce', [leftBehind.one], 'done'],
    ['enforce', leftBehind.others, 'done'],
  ] as const;
  return [
    ...expected.flatMap(([mode, people, outcome], index) =>
      differing(
        `sweep ${index + 1}`,
        [sweeps[index]?.mode, sweeps[index]?.state, ...(sweeps[index]?.listed ?? []).map(inWords).sort()],
        [mode, 'done', ...logins(people).map((login) => inWords({ login, kind: 'unassigned', outcome }))],
      ),
    ),
    ...(blown.length > 0 ? [] : ['sweeps: the fuse of the last sweep did not blow']),
    ...differing('refusal of the own approval', [ownApproval], ['O2O_FORBIDDEN']),
    ...differing('approver', [approvedBy], ['approver@demo']),
    ...differing('proofs that hold', logins(proofs.filter(({ holds }) => holds)), everybody),
  ];
}

function inWords({ login, kind, outcome }: { login: string; kind: string; outcome: string | null }): string {
  return `${login} ${kind} ${outcome}`;
}

function differing(what: string, seen: readonly unknown[], expected: readonly unknown[]): string[] {
  const [found, wanted] = [seen.join(', '), expected.join(', ')];
  return found === wanted ? [] : [`sweeps: the ${what}: ${found} instead of ${wanted}`];
}
