import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Closing } from './closing.js';

export interface ChildOptions {
  /** The program, a TypeScript file. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what the process prints. */
  readonly logFile: string;
  /** Answers 200 once the process is ready. */
  readonly readyUrl: string;
}

const readyWithinMs = 180_000;
const stopWithinMs = 30_000;

/**
 * Starts a program in a process of its own and waits until it is ready.
 *
 * @param closing ends the process.
 * @throws Error with the end of its log.
 */
export async function startChild(options: ChildOptions, closing: Closing): Promise<void> {
  const { program, environment, logFile, readyUrl } = options;
  const log = createWriteStream(logFile);
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closing.add(() => stop(child));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  try {
    await ready(child, readyUrl);
  } catch (error) {
    const tail = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join('\n');
    throw new Error(`${program} did not start: ${tail}`, { cause: error });
  }
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer?.ok) return;
    await delay(100);
  }
  throw new Error(`not ready within ${readyWithinMs / 1000} s`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const inTime = await Promise.race([ended.then(() => true), delay(stopWithinMs, false, { ref: false })]);
  if (inTime) return;
  child.kill('SIGKILL');
  await ended;
}
