import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { timeSkippingEnvironment } from '../setup/time-skipping.js';
import { federationId, openWorld, operator, type World, withoutPeople } from '../world/world.js';

let environment: TestWorkflowEnvironment;
let world: World;

beforeEach(async () => {
  environment = await timeSkippingEnvironment();
  const { client, nativeConnection: connection } = environment;
  world = await openWorld({ client, connection, workflowBundle: inject('workflowBundle') });
  await world.startWorkers();
});

afterEach(async () => {
  await world.stop();
  await environment.teardown();
});

/** Seconds of the waits that the setup has begun, in order. */
async function waits(): Promise<number[]> {
  const { operation } = await world.federations.get(federationId);
  const history = await world.client.workflow.getHandle(operation?.workflowId ?? '').fetchHistory();
  return (history.events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer == null ? [] : [Number(timer.startToFireTimeout?.seconds ?? 0)],
  );
}

describe('a gate that nobody answers', () => {
  it('stays open for almost seven days', async () => {
    await world.send('setup');
    await world.settled(({ gates }) => gates.length > 0);
    await environment.sleep('6.9 days');
    expect((await world.federations.get(federationId)).gates.map(({ state }) => state)).toEqual(['open']);
  });

  it('expires after seven days; the same command asks anew and can be finished', async () => {
    await world.send('setup');
    await world.settled(({ gates }) => gates.length > 0);
    await environment.sleep('7 days');
    const expired = await world.settled();
    expect(expired.state).toBe('stopped');
    expect(expired.steps.find(({ name }) => name === 'targetAppConsole')).toMatchObject({
      state: 'stopped',
      gate: { state: 'expired' },
      problem: { code: 'O2O_GATE_EXPIRED' },
    });

    const late = { gate: 'targetAppConsole', choice: 'done', why: 'I was away', actor: operator };
    await expect(world.federations.answerGate(federationId, late, null)).rejects.toMatchObject({
      code: 'O2O_GATE_EXPIRED',
    });

    await world.send('setup');
    const asked = await world.settled(({ gates }) => gates.length > 0);
    expect(asked.gates.map(({ name, state }) => [name, state])).toEqual([['targetAppConsole', 'open']]);
    await world.completeTargetAppConsole();
    await world.answer('targetAppConsole', 'done');
    expect((await world.settled()).state).toBe('ready');
  });
});

describe('a setup whose org is down for hours', () => {
  it('looks again in growing intervals, then goes on by itself', async () => {
    world.sandbox.faults.add(FaultRequest.parse({ org: 'sp', kind: 'resetBefore', count: null }));
    await world.send('setup', withoutPeople());
    await world.settled(({ state }) => state === 'waiting');
    await environment.sleep('2 hours');
    expect((await world.federations.get(federationId)).state).toBe('waiting');
    expect((await waits()).slice(0, 9)).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);

    world.sandbox.faults.remove();
    await environment.sleep('10 minutes');
    expect((await world.settled()).state).toBe('ready');
  });
});
