import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inConsole } from '../../../sandbox/control/console.js';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import type { Transition } from '../../../src/domain/user-lifecycle.js';
import type { People } from '../../world/people.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import type { World } from '../../world/world.js';

let world: World;
let users: WorldUsers;
let people: People;

/** Logins and numbers of the transitions whose push was refused. */
const refused = { onboard: 'stuck@acme.example', update: 'changed@acme.example', offboard: 'leaver@acme.example' };
const ids = { stuck: '', leaverIdp: '', leaverSp: '', slow: '' };

/** Login of a user whose push takes its time. */
const slowLogin = 'comes-late@acme.example';

/** Sends a command whose push the SP org refuses. */
async function refusedPush(operation: string, send: () => Promise<unknown>): Promise<void> {
  const request = { org: 'sp', operation, kind: 'status', status: 403, errorCode: 'E0000006', from: 'provisioning' };
  const fault = world.sandbox.faults.add(FaultRequest.parse(request));
  await send();
  await vi.waitFor(() => expect(fault.hits).toBe(1), { timeout: 30_000, interval: 20 });
}

/** Onboards a user whom Okta begins to push after an hour only. */
async function onboardSlowly(): Promise<void> {
  const { delays } = world.sandbox.idp.org.background;
  const usual = delays.provisioning;
  delays.provisioning = 60 * 60 * 1000;
  ids.slow = await people.inIdp(slowLogin);
  await users.send('onboard', slowLogin);
  await vi.waitFor(async () => expect(await people.assignment(ids.slow)).not.toBeNull(), { timeout: 30_000 });
  delays.provisioning = usual;
}

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld());
  ids.stuck = await people.inIdp(refused.onboard);
  await people.provisioned(refused.update);
  ({ idpId: ids.leaverIdp, spId: ids.leaverSp } = await people.provisioned(refused.offboard));
  await refusedPush('createUser', () => users.send('onboard', refused.onboard));
  await refusedPush('updateUser', () => users.send('update', refused.update, { profile: { lastName: 'Changed' } }));
  await refusedPush('deactivateUser', () => users.send('offboard', refused.offboard));
  await onboardSlowly();
});
afterAll(() => world.stop());

function gate({ steps }: Transition) {
  return steps.find((step) => step.gate?.state === 'open')?.gate;
}

it.concurrent("a user stuck in STAGED becomes a gate with Okta's reason; after the retry in the console the user arrives", async () => {
  const asked = await users.settled(refused.onboard, 1);
  expect(gate(asked)).toMatchObject({ kind: 'notProvisioned', role: 'operator', evidence: { user: ids.stuck } });
  expect(gate(asked)?.question).toContain('E0000006');
  expect(gate(asked)?.instructions.join(' ')).toContain('Retry Selected');
  expect(await people.assignment(ids.stuck)).toMatchObject({ status: 'STAGED' });

  const appId = people.known('org2orgAppId');
  await inConsole(world.sandbox, { action: 'retryProvisioning', org: 'idp', appId, userId: ids.stuck });
  await users.answer(refused.onboard, asked, 'retry');
  const done = await users.settled(refused.onboard, 1, () => false);
  expect(problemsOf(done)).toEqual([]);
  expect(done.after?.sp).toMatchObject({ login: refused.onboard, status: 'ACTIVE' });
});

it.concurrent('an update that Okta could not push becomes a gate; answered with stop it is not called done', async () => {
  const asked = await users.settled(refused.update, 1);
  expect(gate(asked)?.kind).toBe('notProvisioned');
  expect(gate(asked)?.question).toContain('E0000006');
  await users.answer(refused.update, asked, 'stop');
  const stopped = await users.settled(refused.update, 1, () => false);
  expect(problemsOf(stopped)).toEqual(['it is stopped', expect.stringContaining('propagated: O2O_GATE_REFUSED')]);
  expect((await people.find('sp', refused.update))?.profile.lastName).toBe('Person');
});

it.concurrent('a deactivation that Okta could not push waits for a decision, then is done in the SP org directly', async () => {
  const asked = await users.settled(refused.offboard, 1);
  expect(gate(asked)).toMatchObject({ kind: 'pushNotArrived', evidence: { user: ids.leaverSp } });
  expect(await people.assignment(ids.leaverIdp)).toBeNull();
  expect((await people.find('sp', ids.leaverSp))?.status).toBe('ACTIVE');

  await users.answer(refused.offboard, asked, 'deactivate');
  const done = await users.settled(refused.offboard, 1, () => false);
  expect(problemsOf(done)).toEqual([]);
  expect(done.proof?.statements.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed']);
  expect((await people.find('sp', ids.leaverSp))?.status).toBe('DEPROVISIONED');
});

it.concurrent('a slow push is waited for where the budget is large: the assignment is asked in the first look only', async ({
  expect,
}) => {
  const looks = () => {
    const asked = world.sandbox.requestsTo('idp', {}).filter(({ path }) => path.includes(ids.slow));
    const firstLog = asked.findIndex(({ operation }) => operation === 'listLogEvents');
    const times = (name: string) =>
      firstLog < 0 ? 0 : asked.slice(firstLog).filter(({ operation }) => operation === name).length;
    return { logs: times('listLogEvents'), assignments: times('getApplicationUser') };
  };
  for (const logs of [1, 2, 3]) {
    await expect.poll(looks, { timeout: 60_000, interval: 200 }).toEqual({ logs, assignments: 1 });
    expect(await users.send('onboard', slowLogin)).toMatchObject({ started: false });
  }
});
