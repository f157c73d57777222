import { FaultRequest } from '../sandbox/control/faults.js';
import { userKey } from '../src/commands/user-key.js';
import { userWorkflowId } from '../src/workflows/messages.js';
import { WorldUsers } from '../test/world/users.js';
import { federationId, testUserPassword, type World, withoutPeople } from '../test/world/world.js';

/** Workflows by the names of the files of their histories. */
type Recorded = Readonly<Record<string, string>>;

/** Onboardings whose reads began before their steps: one that takes them, one that is assigned already, one whose reads fail. */
export async function readAheadOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople());
  const users = new WorldUsers(world);
  const idOf = (login: string) => userWorkflowId(federationId, userKey(federationId, login));
  const loginOf = async (name: string) => {
    const login = `${name}@acme.example`;
    await world.idpAdmin.addUser(login, testUserPassword);
    return login;
  };
  const [taken, assigned, failed] = [await loginOf('taken'), await loginOf('assigned'), await loginOf('failed')];
  await users.carryOut('onboard', taken);
  for (const _ of [1, 2]) await users.carryOut('onboard', assigned);
  for (const operation of ['getUser', 'getIdentityProvider']) {
    const fault = { org: 'sp', operation, kind: 'status', status: 503, count: 1 };
    world.sandbox.faults.add(FaultRequest.parse(fault));
  }
  await users.carryOut('onboard', failed);
  for (const login of [taken, assigned, failed]) await world.client.workflow.getHandle(idOf(login)).result();
  return { taken: idOf(taken), assigned: idOf(assigned), failed: idOf(failed) };
}
