import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const Step = z.looseObject({
  op: z.string().nullish(),
  method: z.string(),
  path: z.string(),
  query: z.string().nullish(),
  status: z.number(),
  requestBody: z.unknown().optional(),
  responseBody: z.unknown().optional(),
});

/** One call that somebody recorded: what was sent and what Okta answered. */
export interface RecordedStep {
  /** Okta's operation id, or method and path of an address that the API description does not have. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** With question mark, or empty. */
  readonly query: string;
  readonly status: number;
  readonly requestBody: unknown;
  readonly responseBody: unknown;
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly RecordedStep[];
}

/** Where the evidence of Okta's behaviour lies: `ORG2ORG_SHARED`, or `shared` beside the project. */
export function sharedDirectory(): string {
  return process.env.ORG2ORG_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
}

/** The folder with the recorded scenarios. */
export function scenarioDirectory(): string {
  return path.join(sharedDirectory(), 'okta-data/recorded/scenarios');
}

/** Reads all scenarios (`*.jsonl`, one step a line) of a folder. Undefined if there is no such folder. */
export function readScenarios(directory: string): Scenario[] | undefined {
  if (!existsSync(directory)) return undefined;
  return readdirSync(directory)
    .filter((file) => file.endsWith('.jsonl') && file !== 'INDEX.jsonl')
    .sort()
    .map((file) => ({ name: file.replace(/\.jsonl$/, ''), steps: readSteps(path.join(directory, file)) }));
}

function readSteps(file: string): RecordedStep[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const step = Step.parse(JSON.parse(line));
    return {
      operation: step.op ?? `${step.method} ${step.path.replace(/\/[0-9A-Za-z]{20}(?=\/|$)/g, '/{id}')}`,
      method: step.method,
      path: step.path,
      query: step.query ?? '',
      status: step.status,
      requestBody: step.requestBody ?? undefined,
      responseBody: step.responseBody ?? undefined,
    };
  });
}
