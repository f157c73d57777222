import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server that ends together with this process. */
export interface ServerProcess {
  /** Resolves when it has ended, with the last lines that it wrote. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const keptOutput = 4_000;

/**
 * Ends the server when the pipe to this process closes, which happens on every kind of end, SIGKILL included. Stands
 * in a session of its own, so that Ctrl-C in the terminal does not reach it.
 */
function endWithThisProcess(server: ChildProcess): ChildProcess {
  const watch = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "$0"', String(server.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  server.once('exit', () => watch.kill('SIGKILL'));
  return watch;
}

/** Starts a server in a session of its own: Ctrl-C reaches this process first, which can then end things in order. */
export async function startServerProcess(path: string, args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  await once(child, 'spawn');
  endWithThisProcess(child);

  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-keptOutput);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = once(child, 'close').then(() => output.trim());

  return {
    ended,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
