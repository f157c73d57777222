import type { Check } from './check.js';
import type { Look } from './diagnosis-facts.js';
import { keptEvidence } from './evidence.js';

/** What a check found out. */
export type Judgement = Pick<Check, 'result' | 'detail' | 'fix'>;

export function passed(detail: string): Judgement {
  return { result: 'passed', detail, fix: null };
}

export function failed(detail: string, fix: string): Judgement {
  return { result: 'failed', detail, fix };
}

export function unknown(detail: string, fix: string): Judgement {
  return { result: 'unknown', detail, fix };
}

/** Fails with `fix` unless `holds`. */
export function judge(holds: boolean, detail: string, fix: string): Judgement {
  return holds ? passed(detail) : failed(detail, fix);
}

/** For a check that needs an object which an earlier check did not find. */
export function notWithout(what: string): Judgement {
  return unknown(`not looked at: there is no ${what}`, 'Settle the failed check before it, then ask again.');
}

/** A check on what was read; `unknown`, with the reason, where it could not be read. */
export function checkOn<Seen>(
  name: string,
  statement: string,
  look: Look<Seen>,
  judgement: (seen: Seen) => Judgement,
): Check {
  const { result, detail, fix } =
    look.problem === null ? judgement(look.seen) : unknown(look.problem.message, look.problem.fix);
  return { name, statement, result, detail, fix, evidence: keptEvidence(look.evidence) };
}

/** Two reads as one: unreadable as soon as one of them is. */
export function both<A, B>(a: Look<A>, b: Look<B>): Look<readonly [A, B]> {
  const evidence = [...new Set([...a.evidence, ...b.evidence])];
  if (a.problem !== null) return { seen: null, problem: a.problem, evidence };
  if (b.problem !== null) return { seen: null, problem: b.problem, evidence };
  return { seen: [a.seen, b.seen], problem: null, evidence };
}

/** A read, with the evidence of another one that helps but is not needed. */
export function helpedBy<Seen>(look: Look<Seen>, other: Look<unknown>): Look<Seen> {
  return { ...look, evidence: [...new Set([...look.evidence, ...other.evidence])] };
}
