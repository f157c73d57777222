import { knownDifference } from './known-differences.js';
import type { StepResult } from './replay.js';

/** Figures of one operation over all scenarios. */
export interface OperationFigures {
  readonly operation: string;
  readonly steps: number;
  readonly sameStatus: number;
  readonly missingKeys: number;
  readonly wrongTypes: number;
  readonly violations: number;
  readonly known: number;
}

/** A difference with the reason why the recording cannot be met, or null if there is none. */
export interface ReportedDifference {
  readonly operation: string;
  readonly what: string;
  readonly count: number;
  readonly reason: string | null;
}

export interface Report {
  readonly scenarios: number;
  readonly steps: number;
  readonly skipped: number;
  readonly sameStatus: number;
  readonly sameStatusShare: number;
  readonly missingKeys: number;
  readonly wrongTypes: number;
  readonly violations: number;
  readonly operations: readonly OperationFigures[];
  readonly differences: readonly ReportedDifference[];
}

/** Sums up the steps of all scenarios. Differences with a known reason count apart from the others. */
export function reportOf(results: readonly StepResult[]): Report {
  const played = results.filter((result) => result.status !== null);
  const operations = new Map<string, OperationFigures>();
  const differences = new Map<string, ReportedDifference>();
  const note = (operation: string, what: string): boolean => {
    const reason = knownDifference(operation, what);
    const key = `${operation} ${what}`;
    differences.set(key, { operation, what, reason, count: (differences.get(key)?.count ?? 0) + 1 });
    return reason !== null;
  };
  for (const result of played) {
    const { operation } = result;
    const figures = operations.get(operation) ?? {
      operation,
      steps: 0,
      sameStatus: 0,
      missingKeys: 0,
      wrongTypes: 0,
      violations: 0,
      known: 0,
    };
    const same = result.status === result.recordedStatus;
    let known = 0;
    if (!same && note(operation, `status ${result.status} instead of ${result.recordedStatus}`)) known += 1;
    let missingKeys = 0;
    let wrongTypes = 0;
    for (const difference of result.differences) {
      const what =
        difference.kind === 'missing'
          ? `${difference.path} is missing`
          : `${difference.path} is ${difference.live}, not ${difference.recorded}`;
      if (note(operation, what)) known += 1;
      else if (difference.kind === 'missing') missingKeys += 1;
      else wrongTypes += 1;
    }
    for (const violation of result.violations) note(operation, violation);
    operations.set(operation, {
      operation,
      steps: figures.steps + 1,
      sameStatus: figures.sameStatus + (same ? 1 : 0),
      missingKeys: figures.missingKeys + missingKeys,
      wrongTypes: figures.wrongTypes + wrongTypes,
      violations: figures.violations + result.violations.length,
      known: figures.known + known,
    });
  }
  const rows = [...operations.values()].sort((a, b) => a.operation.localeCompare(b.operation));
  const sum = (read: (row: OperationFigures) => number) => rows.reduce((total, row) => total + read(row), 0);
  const sameStatus = sum((row) => row.sameStatus);
  return {
    scenarios: new Set(results.map((result) => result.scenario)).size,
    steps: played.length,
    skipped: results.length - played.length,
    sameStatus,
    sameStatusShare: played.length === 0 ? 1 : sameStatus / played.length,
    missingKeys: sum((row) => row.missingKeys),
    wrongTypes: sum((row) => row.wrongTypes),
    violations: sum((row) => row.violations),
    operations: rows,
    differences: [...differences.values()].sort((a, b) => b.count - a.count),
  };
}
