import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { userKey } from '../../../src/commands/user-key.js';
import { userWorkflowId } from '../../../src/workflows/messages.js';
import type { People } from '../../world/people.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import { federationId, type World } from '../../world/world.js';

let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld());
});
afterEach(() => world.sandbox.faults.remove());
afterAll(() => world.stop());

const wait = { waitSeconds: 20 };

/** Holds the next call of an operation for a second; `held` resolves once it stands there. */
function hold(org: 'idp' | 'sp', operation: string): { held: () => Promise<void> } {
  const fault = world.sandbox.faults.add(FaultRequest.parse({ org, operation, kind: 'slow', delayMs: 1_000 }));
  return { held: () => expect.poll(() => fault.hits, { timeout: 20_000, interval: 20 }).toBe(1) };
}

async function states(login: string): Promise<string[]> {
  return (await users.get(login)).transitions.map(({ kind, state }) => `${kind} ${state}`);
}

describe('an offboarding while an onboarding is under way', () => {
  it('takes its place: whoever was on the way in is out at the end, and the proof says so', async () => {
    const login = 'in-and-out@acme.example';
    const idpId = await people.inIdp(login);
    const { held } = hold('idp', 'assignUserToApplication');
    await users.send('onboard', login);
    await held();
    const gone = await users.carryOut('offboard', login);
    expect(problemsOf(gone)).toEqual([]);
    expect(await states(login)).toEqual(['onboard superseded', 'offboard done']);
    expect((await users.get(login)).transitions[0]?.note).toBe('superseded by offboard by test-operator');
    await world.sandbox.idle();
    expect(await people.assignment(idpId)).toBeNull();
    expect([undefined, 'DEPROVISIONED']).toContain((await people.find('sp', login))?.status);
    expect(gone.proof?.statements.every(({ result }) => result === 'passed')).toBe(true);
  });
});

it('an offboarding does not wait for a look at the SP org that only waits for a push', async () => {
  const login = 'pushed-late@acme.example';
  await people.inIdp(login);
  const push = { org: 'sp', operation: 'createUser', from: 'provisioning', kind: 'slow', delayMs: 5_000 };
  const fault = world.sandbox.faults.add(FaultRequest.parse(push));
  await users.send('onboard', login);
  await expect.poll(() => fault.hits, { timeout: 20_000, interval: 20 }).toBe(1);
  const provisioned = async () =>
    (await users.get(login)).transitions[0]?.steps.find(({ name }) => name === 'provisioned')?.state;
  await expect.poll(provisioned, { timeout: 20_000, interval: 20 }).toBe('running');
  await users.carryOut('offboard', login, {}, ({ steps }) => steps.some(({ state }) => state === 'running'));
  expect(await states(login)).toEqual(['onboard superseded', expect.stringContaining('offboard')]);

  const handle = world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login)));
  const { events } = await handle.fetchHistory();
  const waits = (events ?? []).flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.activityType?.name === 'awaitSpUser' ? [`${eventId}`] : [],
  );
  const cancelled = (events ?? []).map((event) =>
    String(event.activityTaskCancelRequestedEventAttributes?.scheduledEventId),
  );
  expect(waits).toHaveLength(1);
  expect(cancelled).toContain(waits[0]);
  await world.sandbox.idle();
  expect(problemsOf(await users.settled(login, 2))).toEqual([]);
});

describe('while an offboarding is under way', () => {
  it('an update is refused; an onboarding waits for its turn and brings the same user back', async () => {
    const login = 'out-and-in@acme.example';
    const { spId } = await people.provisioned(login);
    const { held } = hold('idp', 'unassignUserFromApplication');
    await users.send('offboard', login);
    await held();
    await expect(users.send('update', login, { profile: { lastName: 'Late' } })).rejects.toMatchObject({
      code: 'O2O_TRANSITION_CONTRADICTS',
    });
    const back = await users.carryOut('onboard', login);
    expect(problemsOf(back)).toEqual([]);
    expect(await states(login)).toEqual(['offboard done', 'onboard done']);
    expect(await people.find('sp', login)).toMatchObject({ id: spId, status: 'PROVISIONED' });
  });
});

describe('the same command while it is under way', () => {
  it('joins it, and its Idempotency-Key starts nothing afterwards either', async () => {
    const login = 'joined@acme.example';
    const { idpId, spId } = await people.provisioned(login);
    const { held } = hold('sp', 'revokeUserSessions');
    await users.send('offboard', login, { idempotencyKey: 'the first' });
    await held();
    const joined = await users.send('offboard', login, { idempotencyKey: 'the second', ...wait });
    expect(joined).toMatchObject({ started: false, transition: { number: 1, state: 'done' } });
    await users.carryOut('reactivate', login);

    const writes = people.watch(idpId, spId);
    const again = await users.send('offboard', login, { idempotencyKey: 'the second', ...wait });
    expect(again).toMatchObject({ started: false, transition: { number: 1 } });
    expect(writes()).toEqual([]);
    expect((await people.find('sp', spId))?.status).toBe('PROVISIONED');
  });
});

describe('the queue of a user', () => {
  it('is worked off in the order of the commands', async () => {
    const login = 'queue@acme.example';
    await people.provisioned(login);
    const { held } = hold('sp', 'suspendUser');
    await users.send('suspend', login);
    await held();
    const names = ['First', 'Second', 'Third'];
    await users.send('resume', login);
    for (const lastName of names) await users.send('update', login, { profile: { lastName } });
    await users.settled(login, 5);
    const { transitions } = await users.get(login);
    expect(transitions.map(problemsOf)).toEqual([[], [], [], [], []]);
    const begun = transitions.map(({ startedAt }) => startedAt ?? '');
    expect(begun).toEqual(begun.toSorted());
    expect((await people.find('sp', login))?.profile.lastName).toBe('Third');
  });

  it('takes twenty; one more is refused', async () => {
    const login = 'busy@acme.example';
    await people.inIdp(login);
    const month = (number: number) => new Date(Date.UTC(2030, number)).toISOString();
    for (let number = 0; number < 20; number += 1) await users.send('suspend', login, { at: month(number) });
    await expect(users.send('suspend', login, { at: month(20) })).rejects.toMatchObject({ code: 'O2O_USER_BUSY' });
    expect(new Set(await states(login))).toEqual(new Set(['suspend planned']));
    await world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login))).terminate();
  });
});

it('what is planned for a user goes on under a new login for which something was planned before', async () => {
  const [before, after] = ['maiden@acme.example', 'married@acme.example'];
  const at = new Date(Date.UTC(2035, 1)).toISOString();
  await people.provisioned(before);
  await users.send('suspend', after, { at });
  await users.send('offboard', before, { at });
  expect(problemsOf(await users.carryOut('update', before, { profile: { login: after } }))).toEqual([]);
  await expect.poll(() => states(after), { timeout: 20_000 }).toEqual(['suspend planned', 'offboard planned']);
  expect(await users.get(before)).toMatchObject({ state: 'idle', movedTo: after });
  expect(await states(before)).toEqual(['offboard cancelled', 'update done']);
  await world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, after))).terminate();
});

it('a workflow that somebody has terminated leaves nothing running: the next command starts anew', async () => {
  const login = 'terminated@acme.example';
  await people.inIdp(login);
  const { held } = hold('idp', 'assignUserToApplication');
  await users.send('onboard', login);
  await held();
  await world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login))).terminate();
  const done = await users.carryOut('onboard', login);
  expect(problemsOf(done)).toEqual([]);
  expect(await states(login)).toEqual(['onboard stopped', 'onboard done']);
  expect((await users.get(login)).transitions[0]?.note).toContain('ended from outside');
});
