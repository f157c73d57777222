import { setTimeout as wait } from 'node:timers/promises';
import { FaultRequest } from '../sandbox/control/faults.js';
import { runningWork } from '../src/commands/running-work.js';
import { RotationOptions } from '../src/domain/rotation.js';
import { AgreedOperations } from '../test/world/agreed-operations.js';
import { WorldRollouts } from '../test/world/rollouts.js';
import { federationId, operator, type World, withoutPeople } from '../test/world/world.js';

/**
 * What is taken back, or does not begin: a way to OAuth 2.0 whose client is half made, a roll-over that is revoked after its
 * switch, a teardown beside a rollout. @returns the workflows by the names of their files
 */
export async function takenBackOf(world: World): Promise<Readonly<Record<string, string>>> {
  await world.setUp(withoutPeople({ provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } }));
  const operations = new AgreedOperations(world);
  const { faults } = world.sandbox;

  const refusal = { org: 'sp', operation: 'assignRoleToClient', kind: 'status', status: 403, count: null };
  faults.add(FaultRequest.parse({ ...refusal, errorCode: 'E0000006' }));
  const halfMade = await operations.carryOut('rotation', RotationOptions.parse({ what: 'tokenToOauth' }));
  faults.remove();

  const order = (what: 'goOn' | 'revoke') =>
    world.federations.orderRotation(federationId, { order: what, by: operator.name, why: 'it is on record' });
  const waits = (step: string) =>
    operations.settled('rotation', ({ steps }) =>
      steps.some(({ name, checks }) => name === step && checks[0]?.result === 'unknown'),
    );
  const between = { switchAfterMinutes: 0, removeAfterMinutes: 60 };
  await operations.start('rotation', RotationOptions.parse({ what: 'certificate', between }));
  await waits('beforeRemoval');
  await order('revoke');
  await waits('revocation');
  await order('goOn');
  const revoked = await operations.settled('rotation');

  faults.add(
    FaultRequest.parse({ org: 'idp', operation: 'assignGroupToApplication', kind: 'resetBefore', count: null }),
  );
  const rollouts = new WorldRollouts(world);
  const { groupId } = await rollouts.group('rolled-out', 1);
  await rollouts.start({ id: groupId });
  // Temporal lists what runs a moment after it has begun.
  while ((await runningWork(world.client, federationId)) === null) await wait(50);
  const end = () => operations.carryOut('teardown', { users: 'keep', why: 'it is on record' });
  const refused = await end();
  faults.remove();
  await rollouts.rollouts.cancel(federationId, groupId, operator);
  await rollouts.settled(groupId);
  if (refused.changedNothing !== true) throw new Error('the teardown did not see the rollout');
  return {
    'half-made-client': halfMade.workflowId,
    'revoked-after-switch': revoked.workflowId,
    'teardown-beside-rollout': refused.workflowId,
  };
}
