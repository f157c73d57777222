import { cpus, totalmem } from 'node:os';

/** One figure of a benchmark. */
export interface BenchFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What is wanted, for example `< 10`; null for a figure that is only reported. */
  readonly goal: string | null;
  readonly met: boolean | null;
  readonly detail: string;
}

/** What a benchmark prints and writes as JSON. */
export interface BenchResult {
  readonly name: string;
  /** What it ran on: cores, memory, Node. */
  readonly machine: string;
  readonly figures: readonly BenchFigure[];
}

/** Describes the machine that the benchmark runs on. */
export function machine(): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${gigabytes} GB, Node ${process.versions.node}`;
}

/** A figure that must stay below a limit. */
export function below(name: string, value: number, limit: number, unit: string, detail: string): BenchFigure {
  return { name, value: rounded(value), unit, goal: `< ${limit}`, met: value < limit, detail };
}

/** A figure that may reach a limit. */
export function atMost(name: string, value: number, limit: number, unit: string, detail: string): BenchFigure {
  return { name, value: rounded(value), unit, goal: `≤ ${limit}`, met: value <= limit, detail };
}

/** A figure that must reach a limit. */
export function atLeast(name: string, value: number, limit: number, unit: string, detail: string): BenchFigure {
  return { name, value: rounded(value), unit, goal: `≥ ${limit}`, met: value >= limit, detail };
}

/** A figure without a goal. */
export function reported(name: string, value: number, unit: string, detail: string): BenchFigure {
  return { name, value: rounded(value), unit, goal: null, met: null, detail };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
