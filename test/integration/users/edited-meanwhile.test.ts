import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import type { Transition, TransitionKind } from '../../../src/domain/user-lifecycle.js';
import type { People } from '../../world/people.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import type { World } from '../../world/world.js';

let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld());
});
afterEach(() => world.sandbox.faults.remove());
afterAll(() => world.stop());

/** Carries out a transition; while a call of it is under way, somebody edits the user in a console. */
async function whileEdited(
  kind: TransitionKind,
  login: string,
  during: readonly ['idp' | 'sp', string],
  edit: () => Promise<unknown>,
) {
  const [org, operation] = during;
  const fault = world.sandbox.faults.add(FaultRequest.parse({ org, operation, kind: 'slow', delayMs: 1_000 }));
  const { transition } = await users.send(kind, login);
  await expect.poll(() => fault.hits, { timeout: 20_000, interval: 20 }).toBe(1);
  await edit();
  return users.settled(login, transition.number);
}

const spUser = (spId: string) => people.find('sp', spId);
const gateOf = ({ steps }: Transition) => steps.findLast(({ gate }) => gate !== null)?.gate;

describe('a user who is edited in a console while a transition is under way', () => {
  it('and becomes an administrator is not suspended', async () => {
    const login = 'promoted@acme.example';
    const { spId } = await people.provisioned(login);
    const ended = await whileEdited('suspend', login, ['sp', 'revokeUserSessions'], () => people.role(spId));
    expect(problemsOf(ended).join()).toContain('O2O_CHANGED_MEANWHILE');
    expect((await spUser(spId))?.status).toBe('ACTIVE');
  });

  it('and becomes an administrator is deactivated only once a person has said so', async () => {
    const login = 'promoted-leaver@acme.example';
    const { idpId, spId } = await people.provisioned(login);
    await people.connection('deactivate');
    await world.idpAdmin.delete(`/api/v1/apps/${people.known('org2orgAppId')}/users/${idpId}`);
    await people.connection('activate');
    const unpushed = await whileEdited('offboard', login, ['sp', 'revokeUserSessions'], () => people.role(spId));
    expect(gateOf(unpushed)).toMatchObject({ kind: 'pushNotArrived', role: 'operator' });
    await users.answer(login, unpushed, 'deactivate', ['operator']);
    const asked = await users.settled(login, unpushed.number, (one) => gateOf(one)?.kind === 'protectedUser');
    expect(gateOf(asked)).toMatchObject({ role: 'approver', state: 'open' });
    expect((await spUser(spId))?.status).toBe('ACTIVE');
    await users.answer(login, asked, 'stop');
    await users.settled(login, asked.number);
    expect((await spUser(spId))?.status).toBe('ACTIVE');
  });

  it('and loses the assignment is not told to have arrived', async () => {
    const login = 'unassigned-at-once@acme.example';
    const idpId = await people.inIdp(login);
    const ended = await whileEdited('onboard', login, ['idp', 'getApplicationUser'], () =>
      world.idpAdmin.delete(`/api/v1/apps/${people.known('org2orgAppId')}/users/${idpId}`).catch(() => undefined),
    );
    expect(await people.assignment(idpId)).toEqual(ended.state === 'done' ? expect.anything() : null);
  });

  it('keeps what was edited besides', async () => {
    const login = 'edited@acme.example';
    const { idpId } = await people.provisioned(login);
    const ended = await whileEdited('suspend', login, ['sp', 'suspendUser'], () =>
      world.idpAdmin.post(`/api/v1/users/${idpId}`, { profile: { department: 'Sales' } }),
    );
    expect(problemsOf(ended)).toEqual([]);
    const held = await world.idpAdmin.get(`/api/v1/users/${idpId}`);
    expect(held).toMatchObject({ status: 'ACTIVE', profile: { department: 'Sales' } });
  });
});
