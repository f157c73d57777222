import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Role } from '../../../src/domain/gate.js';
import { startApi, tokens } from '../../api/api.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { federationId } from '../../world/world.js';

const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const leaver = 'leaver@acme.example';

let at: FederatedWorld;

beforeAll(async () => {
  at = await FederatedWorld.start();
  await at.newcomer(leaver);
  await at.users.carryOut('onboard', leaver);
  const { org } = at.world.sandbox.idp;
  const org2org = org.apps.find(({ name }) => name === 'okta_org2org');
  org.appUsers.get(org2org?.id ?? '')?.delete(org.userIdsByLogin.get(leaver) ?? '');
});
afterAll(() => at.stop());

/** The command line in front of an API of its own; the words behind `sweep`. */
async function commandLine() {
  const { client, ledger } = at.world;
  const url = await (await startApi(client, { ledger })).listen({ port: 0, host: '127.0.0.1' });
  return (role: Role, ...words: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { PATH: process.env.PATH, ORG2ORG_API: url, ORG2ORG_TOKEN: tokens[role] };
      const args = ['--import', 'tsx', program, 'sweep', ...words];
      execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
}

async function written(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'org2org-cli-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'sweep.yaml');
  await writeFile(file, text);
  return file;
}

describe('sweeps on the command line', () => {
  it('report, stop at the fuse, are approved by another person with the digest of the list, and are told', async () => {
    const sweep = await commandLine();
    const report = await sweep('operator', 'start', federationId, '--watch');
    expect(report, report.stderr).toMatchObject({ code: 0 });
    expect(report.stdout).toContain('2 entitled, 1 unassigned');

    const file = await written('mode: report\nlimits:\n  fuse:\n    share: 0.1\n');
    const enforce = await sweep('operator', 'start', federationId, '--mode', 'enforce', '--file', file, '--watch');
    expect(enforce, enforce.stderr).toMatchObject({ code: 1 });
    expect(enforce.stdout).toContain('1 of 3 users would be acted on, more than 10 %');
    const [, approval = ''] = /org2org sweep (approve .*) --why/.exec(enforce.stdout) ?? [];
    const [, , id = '', , digest = ''] = approval.split(' ');

    expect((await sweep('viewer', 'findings', federationId, id, '--listed')).stdout).toContain(
      `${leaver}  unassigned  deactivate: pending`,
    );
    const refused = await sweep('operator', 'approve', federationId, id, '--digest', digest, '--why', 'read');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('O2O_FORBIDDEN') });
    const approved = await sweep('approver', 'approve', federationId, id, '--digest', digest, '--why', 'read');
    expect(approved, approved.stderr).toMatchObject({ code: 0 });

    const ended = await sweep('viewer', 'status', federationId, id, '--watch');
    expect(ended, ended.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('1 in all: 1 done') });
    const [told = ''] = (await sweep('viewer', 'findings', federationId, id, '--json')).stdout.split('\n');
    expect(JSON.parse(told)).toMatchObject({ login: leaver, outcome: 'done' });
    const list = async () => (await sweep('viewer', 'list', federationId)).stdout;
    await expect.poll(list, { timeout: 60_000 }).toContain(`${id}  done`);
    expect((await sweep('operator', 'pause', federationId, id)).stderr).toContain('O2O_SWEEP_STATE');
  });

  it('have a schedule that is set, paused, resumed and deleted', async () => {
    const sweep = await commandLine();
    const schedule = (...words: string[]) => sweep('operator', 'schedule', federationId, ...words);
    const file = await written('cron: 30 2 1 1 *\nspec:\n  mode: enforce\n');
    expect((await schedule('set', '--file', file)).stdout).toContain('Sweeps (enforce) at 30 2 1 1 *, UTC');
    expect((await schedule('pause')).stdout).toContain('It was paused by operator@tests.');
    expect((await schedule('resume')).stdout).toContain('It was resumed by operator@tests.');
    const missed = ['--from', '2020-01-02T00:00:00Z', '--to', '2020-01-03T00:00:00Z'];
    expect((await schedule('backfill', ...missed)).code).toBe(0);
    expect((await schedule('delete')).stdout).toContain('It is deleted.');
    expect((await schedule('show')).stderr).toContain('O2O_SWEEP_SCHEDULE_NOT_FOUND');
  });
});
