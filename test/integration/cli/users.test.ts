import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startApi, tokens } from '../../api/api.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, testUserPassword, type World, withoutPeople } from '../../world/world.js';

const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const login = 'new@acme.example';

let world: World;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople());
  await world.idpAdmin.addUser(login, testUserPassword);
});
afterAll(() => world.stop());

/** The command line in front of an API of its own. */
async function commandLine() {
  const app = await startApi(world.client);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const env = { PATH: process.env.PATH, ORG2ORG_API: url, ORG2ORG_TOKEN: tokens.operator };
  return (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, ['--import', 'tsx', program, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
}

describe('users on the command line', () => {
  it('come, are looked at, leave and are proven gone', async () => {
    const org2org = await commandLine();
    const lacking = await org2org('diagnose', federationId, login);
    expect(lacking).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ The user is assigned') });

    const onboarded = await org2org('onboard', federationId, login, '--ticket', 'HR-1', '--watch');
    expect(onboarded, onboarded.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('1. onboard: done') });
    expect(onboarded.stdout).toContain('✓ Org2Org app assigned');

    const planned = await org2org(
      'offboard',
      federationId,
      login,
      '--at',
      `${new Date().getFullYear() + 1}-01-31T18:00:00Z`,
    );
    expect(planned.stdout).toContain('2. offboard: planned');
    expect((await org2org('cancel', federationId, login, '2')).stdout).toContain('2. offboard: cancelled');

    const gone = await org2org('offboard', federationId, login, '--reason', 'left', '--watch');
    expect(gone, gone.stderr).toMatchObject({ code: 0 });
    expect((await org2org('user', federationId, login)).stdout).toContain('3. offboard: done');
    expect((await org2org('proof', federationId, login)).stdout).toContain('(holds)');
  });

  it('of whom nothing is known are a clear error', async () => {
    const org2org = await commandLine();
    const { code, stderr } = await org2org('user', federationId, 'nobody@acme.example');
    expect(code).toBe(1);
    expect(stderr).toContain('O2O_USER_UNKNOWN_HERE');
  });

  it('come in a file, and a bad row is named and makes the exit code 1', async () => {
    const org2org = await commandLine();
    const directory = await mkdtemp(join(tmpdir(), 'org2org-cli-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'users.csv');
    await writeFile(file, 'login,transition\ngrace@acme.example,onboard\nada@acme.example,onbord\n');
    const { code, stdout } = await org2org('batch', federationId, file, '--on-error', 'skip', '--watch');
    expect(code).toBe(1);
    expect(stdout).toContain('line 3, transition: is none of');
    expect(stdout).toContain('2 rows: 1 refused, 1 done');
  });
});
