import { RotationOptions } from '../src/domain/rotation.js';
import { federationWorkflowId, sweepWorkflowId } from '../src/workflows/messages.js';
import { AgreedOperations } from '../test/world/agreed-operations.js';
import { WorldSweeps } from '../test/world/sweeps.js';
import { federationId, operator, type World, withoutPeople } from '../test/world/world.js';

/**
 * A federation from its setup by token to its end: to OAuth 2.0, a roll-over that goes through and one that is taken back, a
 * pause, and a teardown that deactivates the users. @returns the workflows by the names of their files
 */
export async function lifecycleOf(world: World): Promise<Readonly<Record<string, string>>> {
  await world.setUp(withoutPeople({ provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } }));
  const operations = new AgreedOperations(world);
  const rotate = (what: string, minutes: number) => {
    const between = { switchAfterMinutes: 0, removeAfterMinutes: minutes };
    return operations.start('rotation', RotationOptions.parse({ what, between }));
  };
  const waits = () =>
    operations.settled('rotation', ({ steps }) =>
      steps.some(({ name, checks }) => name === 'beforeRemoval' && checks[0]?.result === 'unknown'),
    );
  const order = (what: 'goOn' | 'revoke') =>
    world.federations.orderRotation(federationId, { order: what, by: operator.name, why: 'it is on record' });

  await rotate('tokenToOauth', 0);
  await operations.settled('rotation');
  await rotate('clientKey', 0);
  await operations.settled('rotation');
  await rotate('certificate', 60);
  await waits();
  await order('goOn');
  await operations.settled('rotation');
  await rotate('certificate', 60);
  await waits();
  await order('revoke');
  await operations.settled('rotation', ({ steps }) =>
    steps.some(({ name, checks }) => name === 'revocation' && checks[0]?.result === 'unknown'),
  );
  await order('goOn');
  await operations.settled('rotation');
  await operations.carryOut('pause', { why: 'it is on record' });
  await operations.carryOut('resume', { why: 'it is on record' });
  const sweep = await end(world, operations);
  const prefix = federationWorkflowId(federationId);
  const { operations: all } = await world.federations.get(federationId);
  const recorded = all.filter(({ kind }) => kind !== 'setup').map(({ workflowId }) => workflowId);
  return {
    ...Object.fromEntries(recorded.map((id) => [id.slice(prefix.length + 1).replace('/', '-'), id])),
    'teardown-sweep': sweepWorkflowId(federationId, sweep),
  };
}

/** Ends the federation once the sweep of its users is approved. @returns the id of the sweep */
async function end(world: World, operations: AgreedOperations): Promise<string> {
  await operations.start('teardown', { users: 'deactivate', why: 'it is on record' });
  const { steps } = await operations.settled('teardown', (status) =>
    status.steps.some(({ name, checks }) => name === 'users' && checks.length > 0),
  );
  const statement = steps.find(({ name }) => name === 'users')?.checks[0]?.statement ?? '';
  const sweep = /teardown-\w+/.exec(statement)?.[0] ?? '';
  const sweeps = new WorldSweeps(world);
  const { listDigest } = await sweeps.settled(sweep, ({ state }) => state === 'gate');
  await sweeps.decide(sweep, 'approve', listDigest);
  await operations.settled('teardown');
  return sweep;
}
