import type { Check } from './check.js';

/** What checks come to, in one sentence. */
export interface Verdict {
  /** `unknown`: nothing found, but not everything could be looked at. */
  readonly result: Check['result'];
  /** Name of the check that failed first. */
  readonly check: string | null;
  readonly sentence: string;
  readonly fix: string | null;
}

/** The first failed check, in one sentence, with its fix. `nothingFound` is the sentence where none failed. */
export function verdictOf(
  checks: readonly Check[],
  nothingFound: { readonly passed: string; readonly unknown: string },
): Verdict {
  const failed = checks.find(({ result }) => result === 'failed');
  if (failed !== undefined) {
    const sentence = `${failed.statement}: no, ${failed.detail}.`;
    return { result: 'failed', check: failed.name, sentence, fix: failed.fix };
  }
  const unknown = checks.filter(({ result }) => result === 'unknown');
  const [first] = unknown;
  if (first !== undefined) {
    const names = unknown.map(({ name }) => name).join(', ');
    const sentence = `${nothingFound.unknown}, but this could not be told: ${names}.`;
    return { result: 'unknown', check: null, sentence, fix: first.fix };
  }
  return { result: 'passed', check: null, sentence: `${nothingFound.passed}.`, fix: null };
}
