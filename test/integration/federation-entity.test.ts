import { afterEach, describe, expect, it } from 'vitest';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import { normalizeFederationSpec } from '../../src/domain/normalize-federation-spec.js';
import { federationWorkflowId, workflowTaskQueue } from '../../src/workflows/messages.js';
import { id } from '../world/okta-admin.js';
import { problems } from '../world/problems.js';
import { startWorld, startWorldWithoutWorkers } from '../world/start-world.js';
import { federationId, operator, specification, type World, withoutPeople } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

const entity = () => world.client.workflow.getHandle(federationWorkflowId(federationId));
const setup = (number: number) =>
  world.client.workflow.getHandle(`${federationWorkflowId(federationId)}/setup/${number}`);

async function atGate(): Promise<void> {
  world = await startWorld();
  await world.send('setup');
  await world.settled(({ gates }) => gates.length > 0);
}

describe('an operation that someone ends in the Temporal UI', () => {
  it.each(['cancel', 'terminate'] as const)('by %s leaves its steps to read, and the next PUT goes on', async (end) => {
    await atGate();
    await setup(1)[end]();
    const ended = await world.settled();
    expect(ended).toMatchObject({ state: 'stopped', operation: { number: 1, outcome: 'stopped' }, gates: [] });
    expect(ended.steps.find(({ name }) => name === 'targetApp')?.state).toBe('done');
    expect(problems(await world.setUp())).toEqual([]);
  });

  it('before it began leaves a federation that can be read, without steps', async () => {
    world = await startWorldWithoutWorkers();
    const start = { workflowId: setup(1).workflowId, taskQueue: workflowTaskQueue };
    const never = await world.client.workflow.start('federationSetup', start);
    await never.terminate();
    const registry = { acme: { url: world.sandbox.idp.url }, partner: { url: world.sandbox.sp.url } };
    const first = { federationId, ...normalizeFederationSpec(FederationSpecDocument.parse(withoutPeople()), registry) };
    const at = new Date().toISOString();
    const operation = { number: 1, kind: 'setup', workflowId: start.workflowId, startedAt: at, startedBy: 'someone' };
    const ended = { ...operation, endedAt: at, outcome: 'stopped' };
    const record = {
      ...first,
      id: federationId,
      state: 'stopped',
      known: {},
      current: null,
      last: null,
      lastPlan: null,
    };
    await world.client.workflow.start('federation', {
      workflowId: federationWorkflowId(federationId),
      taskQueue: workflowTaskQueue,
      args: [{ first, carried: { record: { ...record, operations: [ended], updatedAt: at }, accepted: [] } }],
    });
    await world.startWorkers();
    expect(await world.federations.get(federationId)).toMatchObject({ operation: ended, steps: [], gates: [] });
  });

  it('leaves what was learned of other orgs out of the next one', async () => {
    world = await startWorld();
    const { known } = await world.setUp(withoutPeople());
    expect(known.org2orgAppId).toBeDefined();
    const registry = { acme: { url: world.sandbox.idp.url }, other: { url: world.sandbox.sp.url } };
    const document = FederationSpecDocument.parse(withoutPeople({ sp: 'other' }));
    const command = { federationId, ...normalizeFederationSpec(document, registry), actor: operator };
    const { operation } = await world.federations.start('setup', { ...command, idempotencyKey: null });
    await setup(operation.number).terminate();
    const ended = await world.settled();
    expect(ended).toMatchObject({ state: 'stopped', orgs: { sp: { name: 'other' } }, known: {} });
    expect(ended.known).toEqual({});
  });
});

describe('a federation', () => {
  it('that was terminated and begun anew waits for a setup that still runs, and is not stuck after it', async () => {
    world = await startWorld();
    const left = await world.client.workflow.start('federationSetup', {
      workflowId: setup(1).workflowId,
      taskQueue: 'nobody',
    });
    await expect(world.send('setup', withoutPeople())).rejects.toMatchObject({ code: 'O2O_OPERATION_RUNNING' });
    expect(await world.federations.get(federationId)).toMatchObject({ state: 'new', operation: null });
    await left.terminate();
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });

  it('that continues as new keeps its operations and Idempotency-Keys', async () => {
    world = await startWorld();
    const names = (count: number, length: number) =>
      Array.from({ length: count }, (_, index) => `${index}`.padEnd(length, 'x'));
    const large = specification({ assignments: { groups: names(50, 255), users: names(100, 100) } });
    const { operation } = await world.send('setup', large, 'first');
    await world.settled(({ gates }) => gates.length > 0);
    const { runId } = await entity().describe();
    for (let count = 0; count < 40; count += 1) {
      const joined = await Promise.all(Array.from({ length: 5 }, () => world.send('setup', large)));
      expect(joined.every(({ started }) => !started)).toBe(true);
    }
    await world.answer('targetAppConsole', 'refuse');
    await expect.poll(async () => (await entity().describe()).runId, { timeout: 20_000 }).not.toBe(runId);
    expect((await world.send('setup', large, 'first')).operation.number).toBe(operation.number);
    expect((await world.federations.get(federationId)).operations).toHaveLength(1);
    await world.send('setup');
    await world.settled(({ gates }) => gates.length > 0);
    expect((await world.federations.get(federationId)).operation?.number).toBe(2);
  });
});

describe('a choice between two candidates', () => {
  it('does not outlive the specification for which it was made', async () => {
    world = await startWorld();
    const add = async (label: string) =>
      id(
        await world.spAdmin.post('/api/v1/apps', {
          name: 'dropbox_for_business',
          label,
          signOnMode: 'SAML_2_0',
          settings: { app: {} },
        }),
      );
    const one = await add('Dropbox one');
    const two = await add('Dropbox two');
    const [gate] = (await world.setUp(withoutPeople())).gates;
    await world.answer(gate?.name ?? '', one);
    expect((await world.settled()).known.targetAppId).toBe(one);
    const label = { consoleWork: false, label: 'Dropbox two' };
    expect((await world.setUp(withoutPeople({ targetApp: label }))).known.targetAppId).toBe(two);
    const named = { consoleWork: false, id: one };
    expect((await world.setUp(withoutPeople({ targetApp: named }))).known.targetAppId).toBe(one);
  });
});
