import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startApi, tokens } from '../api/api.js';

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function org2org(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...environment };
    execFile(process.execPath, ['--import', 'tsx', program, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

async function specificationFile(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'org2org-cli-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'acme.yaml');
  await writeFile(file, text);
  return file;
}

describe('org2org', () => {
  it('names the wrong field of a specification and fails', async () => {
    const app = await startApi();
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const file = await specificationFile('idp: partner\nsp: company\nnonsense: 1\n');
    const { code, stderr } = await org2org(['apply', file], { ORG2ORG_API: url, ORG2ORG_TOKEN: tokens.operator });
    expect(code).toBe(1);
    expect(stderr).toContain('O2O_SPEC_INVALID');
    expect(stderr).toContain('/nonsense is not a known field');
  });

  it('says what is wrong where no API answers', async () => {
    const app = await startApi();
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    await app.close();
    const { code, stderr } = await org2org(['status', 'acme'], { ORG2ORG_API: url, ORG2ORG_TOKEN: 'x' });
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });

  it.each([
    [[]],
    [['conquer']],
    [['apply']],
    [['answer', 'acme', 'spToken', 'done']],
    [['status', '--nonsense', 'acme']],
    [['user', 'acme']],
    [['update', 'acme', 'ada@acme.example']],
    [['update', 'acme', 'ada@acme.example', '--profile', 'title']],
    [['offboard', 'acme', 'ada@acme.example', '--at', 'tomorrow']],
    [['offboard', 'acme', 'ada@acme.example', '--profile', 'title=x']],
    [['move', 'acme', 'ada@acme.example', '2']],
    [['cancel', 'acme', 'ada@acme.example', 'two']],
    [['batch', 'acme', 'users.xlsx']],
    [['batch', 'acme', 'users.csv', '--on-error', 'ignore']],
    [['rollout', 'acme', 'Engineers']],
    [['rollout', 'start', 'acme']],
    [['sweep']],
    [['sweep', 'start']],
    [['sweep', 'conquer', 'acme', '1']],
    [['sweep', 'approve', 'acme', '1', '--why', 'read']],
    [['sweep', 'approve', 'acme', '1', '--digest', 'sha256:1', '--why', 'read']],
    [['sweep', 'findings', 'acme', '1', '--kind', 'departed']],
    [['sweep', 'schedule', 'acme', 'set']],
    [['sweep', 'schedule', 'acme', 'conquer']],
    [['sweep', 'schedule', 'acme', 'backfill', '--from', 'yesterday']],
    [['token', 'old', 'alice']],
    [['toString', 'acme']],
  ])('shows how it is used after %j', async (args) => {
    const { code, stderr } = await org2org(args, { ORG2ORG_TOKEN: 'x' });
    expect(code).toBe(2);
    expect(stderr).toContain('Usage:');
  });

  it('makes a token without an API', async () => {
    const { code, stdout } = await org2org(['token', 'new', 'alice', '--role', 'viewer', '--role', 'approver']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/o2o_[\w-]{43}\n/);
    expect(stdout).toContain('name: alice');
  });
});
