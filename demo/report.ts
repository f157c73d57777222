import type { Check } from '../src/domain/check.js';
import type { Step } from '../src/domain/federation.js';
import type { BatchTold } from './batch-story.js';
import { type OktaCalls, writesIn } from './okta-calls.js';
import type { Told } from './setup-story.js';
import type { SweepsTold } from './sweep-story.js';
import { failuresOfSweeps, type SweepsReport, sweepsReport } from './sweeps-report.js';
import type { UsersTold } from './user-story.js';
import { failuresOfUsers, type UsersReport, usersReport } from './users-report.js';

/** What the demo saw, for `--report`. Holds no secret. */
export interface Report {
  readonly ok: boolean;
  /** Why it is not ok; empty if it is. */
  readonly failures: readonly string[];
  readonly seconds: number;
  readonly steps: readonly Pick<Step, 'name' | 'title' | 'guide' | 'state' | 'applied' | 'problem'>[];
  readonly gates: readonly {
    name: string;
    question: string;
    choice: string | null;
    by: string | null;
    why: string | null;
  }[];
  readonly checks: readonly Pick<Check, 'name' | 'statement' | 'result' | 'detail'>[];
  /** Okta's ids of the objects that the federation consists of. */
  readonly objectIds: Readonly<Record<string, string>>;
  /** The calls of the setup, by org. */
  readonly oktaCalls: Readonly<Record<string, OktaCalls>>;
  /** The calls of the same PUT again, by org: no writes. */
  readonly oktaCallsOfSecondApply: Readonly<Record<string, OktaCalls>>;
  /** What became of users: transitions, proof, diagnosis, batch. */
  readonly users: UsersReport;
  /** Who was found by sweeps, why one of them asked, who approved it, and the proofs. */
  readonly sweeps: SweepsReport;
  readonly urls: Readonly<Record<string, string>>;
}

/** What the report is made of. */
export interface Seen {
  readonly first: Told;
  readonly firstCalls: Readonly<Record<string, OktaCalls>>;
  readonly second: Told;
  readonly secondCalls: Readonly<Record<string, OktaCalls>>;
  readonly users: UsersTold;
  readonly batch: BatchTold;
  readonly sweeps: SweepsTold;
  readonly urls: Readonly<Record<string, string>>;
}

export function report({ first, firstCalls, second, secondCalls, users, batch, sweeps, urls }: Seen): Report {
  const { steps, known } = first.answer;
  const checks = steps.flatMap((step) => step.checks);
  const failures = [
    ...failuresOf(first, 'setup'),
    ...failuresOf(second, 'second apply'),
    ...failuresOfUsers(users, batch),
    ...failuresOfSweeps(sweeps),
  ];
  if (!checks.some((check) => check.name === 'signOn' && check.result === 'passed')) {
    failures.push('setup: nobody signed on end to end');
  }
  if (writesIn(secondCalls) > 0) failures.push(`second apply: ${writesIn(secondCalls)} writes instead of none`);
  return {
    ok: failures.length === 0,
    failures,
    seconds: Math.round(first.seconds * 10) / 10,
    steps: steps.map(({ name, title, guide, state, applied, problem }) => ({
      name,
      title,
      guide,
      state,
      applied,
      problem,
    })),
    gates: first.gates.map(({ name, question, answer }) => ({
      name,
      question,
      choice: answer?.choice ?? null,
      by: answer?.by ?? null,
      why: answer?.why ?? null,
    })),
    checks: checks.map(({ name, statement, result, detail }) => ({ name, statement, result, detail })),
    objectIds: Object.fromEntries(
      Object.entries(known).flatMap(([name, value]) =>
        name.endsWith('Id') && typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    oktaCalls: firstCalls,
    oktaCallsOfSecondApply: secondCalls,
    users: usersReport(users, batch),
    sweeps: sweepsReport(sweeps),
    urls,
  };
}

/** Every step must have held, and no check may have failed. */
function failuresOf({ answer }: Told, which: string): string[] {
  const steps = answer.steps.filter((step) => step.state !== 'done' && step.state !== 'skipped');
  const checks = answer.steps.flatMap((step) => step.checks).filter((check) => check.result === 'failed');
  return [
    ...(answer.state === 'ready' ? [] : [`${which}: the federation is ${answer.state}`]),
    ...steps.map((step) => `${which}: the step ${step.name} is ${step.state}`),
    ...checks.map((check) => `${which}: ${check.statement}: ${check.detail}`),
  ];
}
