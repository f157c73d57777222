import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transition } from '../../../src/domain/user-lifecycle.js';
import type { People } from '../../world/people.js';
import { provenTooEarly } from '../../world/proofs.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import type { World } from '../../world/world.js';

let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld({ users: { exempt: ['Exempt@acme.example'] } }));
});
afterAll(() => world.stop());

function stop({ state, steps }: Transition) {
  const found = steps.find(({ problem }) => problem !== null);
  return { state, step: found?.name, code: found?.problem?.code };
}

function gate({ steps }: Transition) {
  return steps.find((step) => step.gate?.state === 'open')?.gate;
}

/** What the proof says, statement by statement. */
function proven({ proof }: Transition): string[] {
  return (proof?.statements ?? []).map(({ name, result }) => `${name} ${result}`);
}

async function expectGone(done: Transition, idpId: string, spId: string): Promise<void> {
  expect(problemsOf(done)).toEqual([]);
  expect(proven(done)).toEqual(['unassigned passed', 'deprovisioned passed', 'noAccess passed']);
  expect(provenTooEarly(done)).toEqual([]);
  expect(await people.assignment(idpId)).toBeNull();
  expect((await people.find('sp', spId))?.status).toBe('DEPROVISIONED');
}

async function group(name: string): Promise<string> {
  const found = await world.idpAdmin.get(`/api/v1/groups?q=${encodeURIComponent(name)}`);
  return (found as { id: string }[])[0]?.id ?? '';
}

describe('a leaver who has the Org2Org app', () => {
  it.concurrent('directly loses the direct assignment, after the sessions were ended', async () => {
    const { idpId, spId } = await people.provisioned('direct@acme.example');
    const writes = people.watch(idpId, spId);
    await expectGone(await users.carryOut('offboard', 'direct@acme.example'), idpId, spId);
    expect(writes().slice(0, 2)).toEqual(['sp revokeUserSessions', 'idp unassignUserFromApplication']);
    const [revoked] = world.sandbox
      .requestsTo('sp', { write: true })
      .filter(({ operation, path }) => operation === 'revokeUserSessions' && path.includes(spId));
    expect(revoked?.path, 'tokens end with the sessions').toContain('oauthTokens=true');
  });

  it.concurrent('by a group of the federation is taken out of that group', async () => {
    const idpId = await people.inIdp('member@acme.example');
    const spId = (await users.carryOut('onboard', 'member@acme.example', { assignBy: 'group' })).after?.sp?.id ?? '';
    const writes = people.watch(idpId);
    await expectGone(await users.carryOut('offboard', 'member@acme.example'), idpId, spId);
    expect(writes()).toEqual(['idp unassignUserFromGroup']);
  });

  it.concurrent('in both ways loses both', async () => {
    const { idpId, spId } = await people.provisioned('both@acme.example');
    await world.idpAdmin.put(`/api/v1/groups/${await group('Partner users')}/users/${idpId}`);
    await world.sandbox.idle();
    const writes = people.watch(idpId);
    await expectGone(await users.carryOut('offboard', 'both@acme.example'), idpId, spId);
    expect(writes().toSorted()).toEqual(['idp unassignUserFromApplication', 'idp unassignUserFromGroup']);
  });

  it.concurrent('by another group stays in it: a person takes the user out and answers done', async () => {
    const idpId = await people.inIdp('elsewhere@acme.example');
    const other = await people.strangeGroup('Filled by a rule', [idpId]);
    const spId = (await people.find('sp', 'elsewhere@acme.example'))?.id ?? '';
    await world.spAdmin.put(`/api/v1/groups/${people.known('accessGroupId')}/users/${spId}`);
    const asked = await users.carryOut('offboard', 'elsewhere@acme.example');
    expect(gate(asked)).toMatchObject({
      kind: 'otherGroups',
      role: 'operator',
      evidence: { groups: ['Filled by a rule'] },
    });

    await users.answer('elsewhere@acme.example', asked, 'done');
    const again = await users.settled(
      'elsewhere@acme.example',
      asked.number,
      (each) => gate(each)?.openedAt !== gate(asked)?.openedAt && each.state === 'gate',
    );
    expect(gate(again)?.kind).toBe('otherGroups');
    await world.idpAdmin.delete(`/api/v1/groups/${other}/users/${idpId}`);
    await users.answer('elsewhere@acme.example', again, 'done');
    await expectGone(await users.settled('elsewhere@acme.example', asked.number, () => false), idpId, spId);
  });

  it.concurrent('by another group keeps the access where a person answers stop, and is not called gone', async () => {
    const idpId = await people.inIdp('kept@acme.example');
    await people.strangeGroup('Filled by a directory', [idpId]);
    const asked = await users.carryOut('offboard', 'kept@acme.example');
    await users.answer('kept@acme.example', asked, 'stop');
    const stopped = await users.settled('kept@acme.example', asked.number, () => false);
    expect(stop(stopped)).toEqual({ state: 'stopped', step: 'unassignment', code: 'O2O_GATE_REFUSED' });
    expect(stopped.proof).toBeNull();
    expect((await people.find('sp', 'kept@acme.example'))?.status).toBe('ACTIVE');
  });
});

describe('a leaver who is not in both orgs', () => {
  it.concurrent('is taken from the IdP org where the SP org has nobody', async () => {
    const { idpId, spId } = await people.provisioned('absent@acme.example');
    for (const _twice of ['deactivated', 'deleted']) await world.spAdmin.delete(`/api/v1/users/${spId}`);
    const done = await users.carryOut('offboard', 'absent@acme.example');
    expect(problemsOf(done)).toEqual([]);
    expect(proven(done)).toEqual(['unassigned passed', 'deprovisioned passed']);
    expect(await people.assignment(idpId)).toBeNull();
  });

  it.concurrent('is no leaver where neither org knows the login: nothing is proven', async () => {
    const stopped = await users.carryOut('offboard', 'mistyped@acme.example');
    expect(stop(stopped)).toEqual({ state: 'stopped', step: 'spUser', code: 'O2O_USER_NOWHERE' });
    expect(stopped.proof).toBeNull();
  });

  it.concurrent('is done already where the SP user is deactivated: only the proof is made', async () => {
    const { idpId, spId } = await people.provisioned('twice@acme.example');
    await expectGone(await users.carryOut('offboard', 'twice@acme.example'), idpId, spId);
    const writes = people.watch(idpId, spId);
    await expectGone(await users.carryOut('offboard', 'twice@acme.example'), idpId, spId);
    expect(writes()).toEqual([]);
  });
});

it.concurrent('a user of the SP org who is not there because of this federation is refused and untouched', async () => {
  const login = 'local@acme.example';
  const idpId = await people.inIdp(login);
  const spId = await people.inSp(login);
  const writes = people.watch(idpId, spId);
  for (const kind of ['offboard', 'suspend', 'resume'] as const) {
    const stopped = await users.carryOut(kind, login);
    expect(stop(stopped)).toEqual({ state: 'stopped', step: 'spUser', code: 'O2O_SP_USER_NOT_FEDERATED' });
  }
  expect(writes()).toEqual([]);
  expect((await people.find('sp', spId))?.status).toBe('ACTIVE');
});

describe('a protected user', () => {
  it.concurrent.each([
    ['an administrator of the SP org', 'admin@acme.example', 'USER_ADMIN'],
    ['a user of the exempt list', 'exempt@acme.example', null],
  ])('%s is offboarded after an approver has said so', async (_who, login, role) => {
    const { idpId, spId } = await people.provisioned(login);
    if (role !== null) await people.role(spId, role);
    const writes = people.watch(idpId, spId);
    const dry = await users.carryOut('offboard', login, { dryRun: true });
    expect(dry.steps.find(({ name }) => name === 'spUser')?.decided).toContain('An approver is asked first, because');
    const asked = await users.carryOut('offboard', login);
    expect(gate(asked)).toMatchObject({ kind: 'protectedUser', role: 'approver', evidence: { user: spId } });
    expect(writes()).toEqual([]);
    await expect(users.answer(login, asked, 'proceed', ['operator'])).rejects.toMatchObject({
      code: 'O2O_GATE_FORBIDDEN',
    });

    await users.answer(login, asked, 'proceed');
    const done = await users.settled(login, asked.number);
    if (role === null) return expectGone(done, idpId, spId);
    expect(gate(done)).toMatchObject({ kind: 'pushNotArrived', evidence: { user: spId } });
    await users.answer(login, done, 'deactivate');
    await expectGone(await users.settled(login, asked.number), idpId, spId);
  });

  it.concurrent('is left alone where the approver answers stop', async () => {
    const { idpId, spId } = await people.provisioned('stays@acme.example');
    await people.role(spId);
    const writes = people.watch(idpId, spId);
    const asked = await users.carryOut('offboard', 'stays@acme.example');
    await users.answer('stays@acme.example', asked, 'stop');
    const stopped = await users.settled('stays@acme.example', asked.number);
    expect(stop(stopped)).toEqual({ state: 'stopped', step: 'spUser', code: 'O2O_GATE_REFUSED' });
    expect(writes()).toEqual([]);
    expect(await people.assignment(idpId)).not.toBeNull();
  });

  it.concurrent('is suspended after a decision only, and resumed without one', async () => {
    const { spId } = await people.provisioned('on-leave-admin@acme.example');
    await people.role(spId);
    const asked = await users.carryOut('suspend', 'on-leave-admin@acme.example');
    expect(gate(asked)?.kind).toBe('protectedUser');
    await users.answer('on-leave-admin@acme.example', asked, 'proceed');
    expect(problemsOf(await users.settled('on-leave-admin@acme.example', asked.number))).toEqual([]);
    expect((await people.find('sp', spId))?.status).toBe('SUSPENDED');
    expect(problemsOf(await users.carryOut('resume', 'on-leave-admin@acme.example'))).toEqual([]);
    expect((await people.find('sp', spId))?.status).toBe('ACTIVE');
  });
});
