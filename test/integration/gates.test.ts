import { afterEach, describe, expect, it } from 'vitest';
import { WorkflowRefusal } from '../../src/commands/temporal-errors.js';
import { Org2OrgError } from '../../src/domain/errors.js';
import type { AnswerGate } from '../../src/domain/gate.js';
import { startWorld } from '../world/start-world.js';
import { federationId, operator, specification, type World, withoutPeople } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

const done: AnswerGate = { gate: 'targetAppConsole', choice: 'done', why: 'it is entered', actor: operator };

async function atGate(): Promise<void> {
  world = await startWorld();
  await world.send('setup');
  await world.settled(({ gates }) => gates.length > 0);
}

/** The error code with which an answer is turned down. */
async function refusal(answer: AnswerGate): Promise<string> {
  try {
    await world.federations.answerGate(federationId, answer, null);
  } catch (error) {
    if (error instanceof Org2OrgError || error instanceof WorkflowRefusal) return error.problem.code;
    throw error;
  }
  return 'accepted';
}

describe('a gate', () => {
  it('says what to do, with everything that has to be copied', async () => {
    await atGate();
    const [gate] = (await world.federations.get(federationId)).gates;
    expect(gate?.instructions.join(' ')).toContain('Single sign-on');
    expect(gate?.evidence.signOnUrl).toMatch(/\/sso\/saml$/);
    expect(gate?.evidence.certificate).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  });

  it('records who answered and why', async () => {
    await atGate();
    await world.completeTargetAppConsole();
    const gate = await world.federations.answerGate(federationId, done, null);
    expect(gate.answer).toMatchObject({ choice: 'done', by: operator.name, why: 'it is entered' });
  });

  it('takes one answer only', async () => {
    await atGate();
    await world.completeTargetAppConsole();
    await world.federations.answerGate(federationId, done, null);
    expect(await refusal(done)).toBe('O2O_GATE_ALREADY_ANSWERED');
  });

  it('takes no answer from someone without the role', async () => {
    await atGate();
    expect(await refusal({ ...done, actor: { name: 'reader', roles: ['viewer'] } })).toBe('O2O_GATE_FORBIDDEN');
  });

  it('takes no choice that it does not offer', async () => {
    await atGate();
    expect(await refusal({ ...done, choice: 'maybe' })).toBe('O2O_GATE_CHOICE_UNKNOWN');
  });

  it('that does not exist takes no answer', async () => {
    await atGate();
    expect(await refusal({ ...done, gate: 'other' })).toBe('O2O_GATE_NOT_FOUND');
  });

  it('answered done is read back: a target app that does not provision stops the setup', async () => {
    await atGate();
    await world.federations.answerGate(federationId, done, null);
    const stopped = await world.settled();
    const step = stopped.steps.find(({ name }) => name === 'targetAppConsole');
    expect(step?.problem?.code).toBe('O2O_TARGET_APP_NOT_PROVISIONING');
    expect((await world.setUp()).state).toBe('ready');
  });

  it('that was refused stops the setup', async () => {
    await atGate();
    await world.federations.answerGate(federationId, { ...done, choice: 'refuse' }, null);
    const step = (await world.settled()).steps.find(({ name }) => name === 'targetAppConsole');
    expect(step).toMatchObject({ state: 'stopped', problem: { code: 'O2O_GATE_REFUSED' } });
  });
});

describe('a second command', () => {
  it('with another specification is turned down while a setup runs, and changes nothing', async () => {
    await atGate();
    const other = specification({ access: { group: 'Others' } });
    await expect(world.send('setup', other)).rejects.toMatchObject({ code: 'O2O_OPERATION_RUNNING' });
    expect((await world.federations.get(federationId)).spec.access.group).toBe('Federated from acme');
  });

  it('with the same specification joins the setup that runs', async () => {
    await atGate();
    const joined = await world.send('setup');
    expect(joined).toMatchObject({ started: false, operation: { number: 1 } });
  });

  it('with the same Idempotency-Key does nothing twice, also after the setup has ended', async () => {
    world = await startWorld();
    const document = withoutPeople();
    const first = await world.send('setup', document, 'key-1');
    await world.settled();
    const second = await world.send('setup', document, 'key-1');
    expect(second.operation.number).toBe(first.operation.number);
    expect((await world.federations.get(federationId)).operations).toHaveLength(1);
  });

  it('with an Idempotency-Key of another command is turned down', async () => {
    world = await startWorld();
    await world.send('setup', withoutPeople(), 'key-1');
    await world.settled();
    await expect(world.send('plan', specification(), 'key-1')).rejects.toMatchObject({
      problem: { code: 'O2O_IDEMPOTENCY_KEY_REUSED' },
    });
  });
});
