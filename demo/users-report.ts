import type { TransitionReport } from '../src/api/schemas/user.js';
import { digestHolds } from '../src/domain/proof-digest.js';
import type { Verdict } from '../src/domain/verdict.js';
import type { BatchTold } from './batch-story.js';
import type { UsersTold } from './user-story.js';

/** What the demo saw of users, for `--report`. */
export interface UsersReport {
  readonly seconds: number;
  readonly transitions: readonly {
    readonly kind: TransitionReport['kind'];
    readonly state: TransitionReport['state'];
    readonly steps: readonly { readonly name: string; readonly state: string; readonly applied: readonly string[] }[];
  }[];
  readonly proof: {
    readonly statements: readonly { readonly statement: string; readonly result: string }[];
    readonly digest: string;
    readonly digestHolds: boolean;
  };
  readonly diagnosis: Verdict;
  readonly batch: {
    readonly state: string;
    readonly rows: readonly { readonly row: number; readonly state: string }[];
    readonly refused: readonly string[];
  };
}

/** How the story must go. */
const expectedTransitions = ['onboard done', 'offboard cancelled', 'offboard done'];
const expectedDiagnosis = 'assigned';
const expectedRows = ['done', 'done', 'done', 'refused'];

export function usersReport(users: UsersTold, { batch, rows, refused, seconds }: BatchTold): UsersReport {
  return {
    seconds: Math.round((users.seconds + seconds) * 10) / 10,
    transitions: users.transitions.map(({ kind, state, steps }) => ({
      kind,
      state,
      steps: steps.map(({ name, state: stepState, applied }) => ({ name, state: stepState, applied })),
    })),
    proof: {
      statements: users.proof.statements.map(({ statement, result }) => ({ statement, result })),
      digest: users.proof.digest,
      digestHolds: digestHolds(users.proof),
    },
    diagnosis: users.diagnosis.verdict,
    batch: {
      state: batch.state,
      rows: rows.map(({ row, state }) => ({ row, state })),
      refused: refused.map(({ line, column, reason }) => `line ${line}, ${column ?? 'row'}: ${reason}`),
    },
  };
}

/** What of the users' story did not go as it must; empty if all did. */
export function failuresOfUsers({ transitions, proof, diagnosis }: UsersTold, { rows }: BatchTold): string[] {
  const problems = transitions.flatMap(({ kind, steps }) =>
    steps.flatMap(({ name, problem }) =>
      problem === null ? [] : [`users: ${kind}, step ${name}: ${problem.message}`],
    ),
  );
  const statements = proof.statements.filter(({ result }) => result !== 'passed');
  return [
    ...differing(
      'transitions',
      transitions.map(({ kind, state }) => `${kind} ${state}`),
      expectedTransitions,
    ),
    ...problems,
    ...statements.map(({ statement, detail }) => `users: not proven: ${statement}: ${detail}`),
    ...(proof.statements.length === 0 ? ['users: the proof states nothing'] : []),
    ...(digestHolds(proof) ? [] : ["users: the proof's digest is not that of its content"]),
    ...differing('verdict', [diagnosis.verdict.check ?? 'none'], [expectedDiagnosis]),
    ...differing(
      'rows',
      rows.map(({ state }) => state),
      expectedRows,
    ),
  ];
}

function differing(what: string, seen: readonly string[], expected: readonly string[]): string[] {
  const [found, wanted] = [seen.join(', '), expected.join(', ')];
  return found === wanted ? [] : [`users: the ${what} are ${found} instead of ${wanted}`];
}
