import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const stopWithinMs = 15_000;
const readyWithinMs = 180_000;

/** A program of the project in a process of its own. */
export interface Program {
  readonly pid: number;
  /** The first line that it printed, if it was waited for. */
  readonly firstLine: string;
  stop(): Promise<void>;
}

/**
 * Starts a program from its source, or built: then as the image starts it.
 *
 * @param readyUrl answers 200 once the program is ready; null: it is ready when it prints its first line.
 * @throws Error with what it wrote to stderr.
 */
export async function startProgram(
  path: string,
  environment: Readonly<Record<string, string>>,
  readyUrl: string | null,
): Promise<Program> {
  const built = ['--enable-source-maps', ...(path.includes('worker') ? ['--max-semi-space-size=4'] : [])];
  const options = path.endsWith('.ts') ? ['--import', 'tsx'] : built;
  const child = spawn(process.execPath, [...options, path], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  child.stderr.on('data', (chunk: Buffer) => {
    written = (written + chunk.toString()).slice(-2_000);
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const first = once(lines, 'line').then(([line]) => String(line));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await ended;
    clearTimeout(timer);
  };
  const failed = ended.then(() => Promise.reject(new Error(`${path} ended: ${written}`)));
  failed.catch(() => undefined);
  try {
    const firstLine = await Promise.race([readyUrl === null ? first : answers(readyUrl), failed]);
    return { pid: child.pid ?? 0, firstLine, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answers(url: string): Promise<string> {
  const deadline = Date.now() + readyWithinMs;
  while (Date.now() < deadline) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return '';
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} is not ready`);
}

/** What the operating system says of a process. */
export interface ProcessUse {
  readonly residentMegabytes: number;
  readonly cpuSeconds: number;
}

/** Memory and processor time of a process so far. */
export async function processUse(pid: number): Promise<ProcessUse> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=,cputime=', '-p', String(pid)]);
  const [kilobytes = '0', time = '0'] = stdout.trim().split(/\s+/);
  const [seconds = 0, minutes = 0, hours = 0] = time.split(/[-:]/).reverse().map(Number);
  return { residentMegabytes: Number(kilobytes) / 1024, cpuSeconds: seconds + 60 * minutes + 3_600 * hours };
}

/** The most memory that a process has had resident so far, in megabytes. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('the operating system does not tell the peak of a process');
  return Number(kilobytes) / 1024;
}

/** Clock ticks of a second, in which Linux counts the processor time of a process. */
const ticks = 100;

/** Processor time that a process has used so far, in milliseconds. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [, , , , , , , , , , , user = '0', system = '0'] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(user) + Number(system)) * 1_000) / ticks;
}
