import { People } from './people.js';
import { problems } from './problems.js';
import { startWorld } from './start-world.js';
import { WorldUsers } from './users.js';
import { type World, withoutPeople } from './world.js';

/** A world whose federation is set up, commands to its users, and a person at both consoles. */
export interface UserWorld {
  readonly world: World;
  readonly users: WorldUsers;
  readonly people: People;
}

/** Sets a federation up in a world. @throws Error if it is not ready */
export async function setUpForUsers(world: World, specification: Record<string, unknown> = {}): Promise<UserWorld> {
  const wrong = problems(await world.setUp(withoutPeople(specification)));
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  const people = new People(world);
  await people.know();
  world.sandbox.requests.clear();
  return { world, users: new WorldUsers(world), people };
}

/** Starts a world with workers and sets its federation up. */
export async function startUserWorld(specification: Record<string, unknown> = {}): Promise<UserWorld> {
  return setUpForUsers(await startWorld(), specification);
}
