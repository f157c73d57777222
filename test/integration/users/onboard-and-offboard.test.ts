import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld } from '../../world/start-world.js';
import { problemsOf, WorldUsers } from '../../world/users.js';
import { testUserPassword, type World, withoutPeople } from '../../world/world.js';

describe('a user who is onboarded and offboarded', () => {
  let world: World;
  let users: WorldUsers;

  beforeAll(async () => {
    world = await startWorld();
    await world.setUp(withoutPeople());
    users = new WorldUsers(world);
  });
  afterAll(() => world.stop());

  it('is there with every attribute and the target app, then gone with a proof, then the same one again', async () => {
    const login = 'new@acme.example';
    await world.idpAdmin.addUser(login, testUserPassword);
    const arrived = await users.carryOut('onboard', login);
    expect(problemsOf(arrived)).toEqual([]);
    const id = arrived.after?.sp?.id;
    expect(arrived.before?.sp).toBeNull();
    expect(arrived.after?.sp).toMatchObject({ login, status: 'ACTIVE' });

    const gone = await users.carryOut('offboard', login, { reason: 'left the company', ticket: 'HR-1' });
    expect(problemsOf(gone)).toEqual([]);
    expect(gone.after?.sp).toMatchObject({ id, status: 'DEPROVISIONED' });
    expect(gone.proof).toMatchObject({ ticket: 'HR-1', user: { login, spUserId: id } });
    expect(gone.proof?.statements.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'unassigned passed',
      'deprovisioned passed',
      'noAccess passed',
    ]);

    const back = await users.carryOut('reactivate', login);
    expect(problemsOf(back)).toEqual([]);
    expect(back.after?.sp?.id).toBe(id);
  });
});
