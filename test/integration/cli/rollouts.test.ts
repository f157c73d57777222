import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, tokens } from '../../api/api.js';
import { WorldRollouts } from '../../world/rollouts.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, testUserPassword, type World, withoutPeople } from '../../world/world.js';

const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

let world: World;
let rollouts: WorldRollouts;

beforeAll(async () => {
  world = await startWorld();
  await world.setUp(withoutPeople({ assignments: {} }));
  rollouts = new WorldRollouts(world);
});
afterAll(() => world.stop());

/** The command line in front of an API of its own, as somebody with this role. */
async function commandLine(role: keyof typeof tokens) {
  const app = await startApi(world.client);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const env = { PATH: process.env.PATH, ORG2ORG_API: url, ORG2ORG_TOKEN: tokens[role] };
  return (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, ['--import', 'tsx', program, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
      );
    });
}

it('a group is rolled out, followed to the end and listed on the command line', async () => {
  const org2org = await commandLine('operator');
  const { groupId } = await rollouts.group('told', 2);
  const dry = await org2org('rollout', 'start', federationId, 'told', '--dry-run', '--watch');
  expect(dry, dry.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('dry run: done') });
  const done = await org2org('rollout', 'start', federationId, 'told', '--ticket', 'HR-1', '--watch');
  expect(done, done.stderr).toMatchObject({ code: 0 });
  expect(done.stdout).toContain(`Rollout of ${groupId}: done, by operator@tests; 2 of 2 members provisioned`);
  expect((await org2org('rollout', 'status', federationId, groupId)).stdout).toContain('✓ Find the group');
  await expect
    .poll(async () => (await org2org('rollout', 'list', federationId)).stdout, { timeout: 20_000 })
    .toContain(`${groupId}: done`);
});

it('the gate of a rollout is answered on the command line', async () => {
  const org2org = await commandLine('approver');
  const { groupId } = await rollouts.group('asked', 1);
  const spAdmin = await world.spAdmin.addUser('asked0@acme.example', testUserPassword);
  await world.spAdmin.post(`/api/v1/users/${spAdmin}/roles`, { type: 'USER_ADMIN' });
  const asked = await org2org('rollout', 'start', federationId, groupId, '--watch');
  expect(asked, asked.stderr).toMatchObject({ code: 1 });
  const answer = `org2org answer ${federationId} neverLinked-1 stop --rollout ${groupId}`;
  expect(asked.stdout).toContain(answer);
  const answered = await org2org(...answer.split(' ').slice(1), '--why', 'not now');
  expect(answered, answered.stderr).toMatchObject({ code: 0 });
  const ended = await org2org('rollout', 'status', federationId, groupId, '--watch');
  expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining('stopped') });
});
