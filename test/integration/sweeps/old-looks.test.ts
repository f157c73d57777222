import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { type SweepMandate, SweepRules } from '../../../src/domain/sweep.js';
import { timeSkippingEnvironment } from '../../setup/time-skipping.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { type Situation, SweptPeople, takingRules } from '../../world/swept-people.js';
import { openWorld } from '../../world/world.js';

let environment: TestWorkflowEnvironment;
let at: FederatedWorld;
let people: SweptPeople;

beforeAll(async () => {
  environment = await timeSkippingEnvironment();
  const { client, nativeConnection: connection } = environment;
  const world = await openWorld({ client, connection, workflowBundle: inject('workflowBundle') });
  await world.startWorkers();
  at = await FederatedWorld.in(world);
  people = await SweptPeople.of(at.world);
});
afterAll(async () => {
  await at.stop();
  await environment.teardown();
});

const kinds = {
  suspend: { situation: 'idpUserSuspended', action: 'suspend' },
  offboard: { situation: 'unassigned', action: 'deactivate' },
} as const satisfies Record<string, { situation: Situation; action: SweepMandate['action'] }>;

/** What a sweep has found of the person. */
function mandateOf(login: string, kind: keyof typeof kinds): SweepMandate {
  const { idp, sp, assignment } = at.held(login);
  const { situation, action } = kinds[kind];
  return {
    sweepId: 'sweep',
    spUserId: sp?.id ?? '',
    idpUserId: idp?.id ?? null,
    login,
    byName: assignment === null,
    kind: situation,
    action,
    rules: SweepRules.parse(takingRules),
  };
}

describe('a transition of a sweep whose SP org is away for minutes', () => {
  it.each([
    ['suspend', 'getUser'],
    ['suspend', 'revokeUserSessions'],
    ['suspend', 'suspendUser'],
    ['offboard', 'getUser'],
    ['offboard', 'revokeUserSessions'],
    ['offboard', 'deactivateUser'],
  ] as const)('%s, stuck at %s: leaves the user alone if the right has come back by then', async (kind, operation) => {
    const login = await people.someone(`${kind}-${operation.toLowerCase()}`, kinds[kind].situation);
    const { faults } = at.world.sandbox;
    faults.add(FaultRequest.parse({ org: 'sp', operation, kind: 'status', status: 503, count: null }));
    const { transition } = await at.users.send(kind, login, { mandate: mandateOf(login, kind) });
    await at.users.settled(login, transition.number, ({ state }) => state === 'waiting');
    await environment.sleep('2 minutes');
    if (kind === 'suspend') people.idpStatus(login, 'ACTIVE');
    else await people.assign(login);
    faults.remove();
    await environment.sleep('5 minutes');
    const ended = await at.users.settled(login, transition.number, ({ state }) => state === 'withdrawn');
    expect(ended).toMatchObject({ state: 'withdrawn', note: expect.stringMatching(/entitled now|assigned again/) });
    expect(at.held(login)).toMatchObject({ sp: { status: 'ACTIVE' }, assignment: { status: expect.any(String) } });
  });

  it('carries it out in the end if the right has not come back', async () => {
    const login = await people.someone('in-the-end', 'unassigned');
    const { faults } = at.world.sandbox;
    faults.add(FaultRequest.parse({ org: 'sp', operation: 'deactivateUser', kind: 'resetAfter', count: 8 }));
    const { transition } = await at.users.send('offboard', login, { mandate: mandateOf(login, 'offboard') });
    await at.users.settled(login, transition.number, ({ state }) => state === 'waiting');
    await environment.sleep('2 minutes');
    const ended = await at.users.settled(login, transition.number, ({ state }) => state === 'withdrawn');
    faults.remove();
    expect(ended).toMatchObject({ state: 'done' });
    expect(at.held(login).sp?.status).toBe('DEPROVISIONED');
  });
});

describe('a sweep’s offboarding', () => {
  it('leaves an assignment alone that came after its looks', async () => {
    const login = await people.someone('assigned-meanwhile', 'unassigned');
    const { faults } = at.world.sandbox;
    const slow = faults.add(
      FaultRequest.parse({ org: 'sp', operation: 'revokeUserSessions', kind: 'slowAfter', delayMs: 3_000 }),
    );
    const { transition } = await at.users.send('offboard', login, { mandate: mandateOf(login, 'offboard') });
    await expect.poll(() => slow.hits, { timeout: 30_000 }).toBe(1);
    await people.assign(login);
    const ended = await at.users.settled(login, transition.number, ({ state }) => state === 'withdrawn');
    expect(ended.steps.find(({ problem }) => problem !== null)?.problem?.code).toBe('O2O_CHANGED_MEANWHILE');
    expect(at.held(login)).toMatchObject({ sp: { status: 'ACTIVE' }, assignment: { status: expect.any(String) } });
  });

  it('finds the very SP user also under another name than the one in the IdP org', async () => {
    const login = await people.someone('named-otherwise', 'idpUserDeactivated');
    const mandate = { ...mandateOf(login, 'offboard'), kind: 'idpUserDeactivated', byName: false } as const;
    await at.inConsole('sp', login, { profile: { login: 'other.name@partner.example' } });
    const { transition } = await at.users.send('offboard', login, { mandate });
    expect(await at.users.settled(login, transition.number, ({ state }) => state === 'withdrawn')).toMatchObject({
      state: 'done',
    });
    expect(at.held('other.name@partner.example').sp?.status).toBe('DEPROVISIONED');
  });
});
