import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('../../demo/main.ts', import.meta.url));

/** A demo that was started. */
export interface StartedDemo {
  readonly demo: ChildProcess;
  /** Takes everything that the demo keeps. */
  readonly directory: string;
  /** The lines that it has printed so far. */
  readonly output: readonly string[];
}

/** Starts the demo with a directory of its own for everything it keeps; it ends with the test at the latest. */
export async function startDemo(...args: string[]): Promise<StartedDemo> {
  const directory = await mkdtemp(join(tmpdir(), 'org2org-e2e-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const env = { ...process.env, TMPDIR: directory, TEMPORAL_ADDRESS: '' };
  const demo = spawn(process.execPath, ['--import', 'tsx', program, ...args], { env });
  onTestFinished(() => void demo.kill('SIGKILL'));
  const output: string[] = [];
  createInterface({ input: demo.stdout }).on('line', (line) => output.push(line));
  createInterface({ input: demo.stderr }).on('line', (line) => output.push(line));
  return { demo, directory, output };
}
