import { userKey } from '../src/commands/user-key.js';
import { rolloutWorkflowId, userWorkflowId } from '../src/workflows/messages.js';
import { WorldRollouts } from '../test/world/rollouts.js';
import { WorldUsers } from '../test/world/users.js';
import { federationId, operator, testUserPassword, type World, withoutPeople } from '../test/world/world.js';

/** Workflows by the names of the files of their histories. */
type Recorded = Readonly<Record<string, string>>;

/** First commands that ride in the start of the user's workflow: one for now, one planned and cancelled. */
export async function firstCommandsOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople());
  const users = new WorldUsers(world);
  const now = 'now@acme.example';
  const later = 'later@acme.example';
  await world.idpAdmin.addUser(now, testUserPassword);
  await users.carryOut('onboard', now);
  const at = new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toISOString();
  await users.send('onboard', later, { at });
  await users.users.replan(federationId, later, { number: 1, at: null, actor: operator });
  const idOf = (login: string) => userWorkflowId(federationId, userKey(federationId, login));
  for (const login of [now, later]) await world.client.workflow.getHandle(idOf(login)).result();
  return { now: idOf(now), planned: idOf(later) };
}

/** A rollout of which one member does not arrive, one leaves, and a person is content with that. */
export async function rolloutWithGateOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople({ assignments: {} }));
  const rollouts = new WorldRollouts(world);
  const stuck = await rollouts.person('stuck');
  const leaver = await rollouts.person('leaver');
  const groupId = await world.idpAdmin.addGroup('gated', [stuck, leaver, await rollouts.person('member')]);
  const { known } = await world.federations.get(federationId);
  const profile = { initialStatus: 'no_such_status' };
  await world.idpAdmin.post(`/api/v1/apps/${known.org2orgAppId}/users`, { id: stuck, scope: 'USER', profile });
  await rollouts.start({ id: groupId });
  const asked = await rollouts.settled(groupId);
  await rollouts.leaves(groupId, leaver);
  await rollouts.answer(groupId, asked, 'accept');
  await rollouts.settled(groupId, ({ endedAt }) => endedAt !== null);
  return { 'with-gate': rolloutWorkflowId(federationId, groupId) };
}
