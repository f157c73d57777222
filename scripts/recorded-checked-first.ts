import { federateByHand, HandMadeFederation } from '../sandbox/control/hand-made-federation.js';
import { applyAs } from '../test/world/adoptions.js';
import { AgreedOperations } from '../test/world/agreed-operations.js';
import { WorldSweeps } from '../test/world/sweeps.js';
import { SweptPeople } from '../test/world/swept-people.js';
import { federationId, type World, withoutPeople } from '../test/world/world.js';

/**
 * Operations that look first whether they may begin: a setup that takes over a pair, one that finds it taken, a teardown
 * beside a sweep, and one without. @returns the workflows by the names of their files
 */
export async function checkedFirstOf(world: World): Promise<Readonly<Record<string, string>>> {
  await federateByHand(world.sandbox, HandMadeFederation.parse({}));
  const free = await world.setUp(withoutPeople());
  const { operation: taken } = await applyAs(world, 'second', withoutPeople());
  await world.client.workflow.getHandle(taken.workflowId).result();

  await (await SweptPeople.of(world)).someone('leaver', 'unassigned');
  const sweeps = new WorldSweeps(world);
  const { id } = await sweeps.carryOut({ mode: 'enforce' });
  const operations = new AgreedOperations(world);
  const options = { users: 'keep', why: 'it is on record' };
  const refused = await operations.carryOut('teardown', options);
  await sweeps.order(id, 'cancel');
  await sweeps.settled(id);
  const ended = await operations.carryOut('teardown', options);
  const { state } = await world.federations.get(federationId);
  if (state !== 'ended') throw new Error(`the federation ended as ${state}`);
  return {
    'setup-of-free-pair': free.operation?.workflowId ?? '',
    'setup-of-taken-pair': taken.workflowId,
    'teardown-beside-sweep': refused.workflowId,
    teardown: ended.workflowId,
  };
}
