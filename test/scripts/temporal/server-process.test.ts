import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { freePorts } from '../../../scripts/temporal/free-ports.js';
import { startServerProcess } from '../../../scripts/temporal/server-process.js';

const starter = fileURLToPath(new URL('./fixtures/start-server.ts', import.meta.url));

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('a server that is started beside a process', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('ends when that process ends by %s', async (signal) => {
    const [port = 0] = await freePorts(1);
    const parent = spawn(process.execPath, ['--import', 'tsx', starter, String(port)], { stdio: 'inherit' });
    const socket = await vi.waitFor(() => connected(port), { timeout: 10_000 });
    const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));

    parent.kill(signal);

    await closed;
    expect(socket.destroyed).toBe(true);
  });

  it('tells what it wrote last when it ends by itself', async () => {
    const server = await startServerProcess('/bin/sh', ['-c', 'echo "the port is taken" >&2; exit 1']);
    expect(await server.ended).toBe('the port is taken');
  });

  it('has ended when stop returns', async () => {
    const server = await startServerProcess('/bin/sleep', ['600']);
    await server.stop();
    expect(await server.ended).toBe('');
  });

  it('is an error at once if there is no such program', async () => {
    await expect(startServerProcess('/nowhere/temporal', [])).rejects.toThrow('ENOENT');
  });
});
