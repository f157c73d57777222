import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { userKey } from '../../../src/commands/user-key.js';
import { userWorkflowId } from '../../../src/workflows/messages.js';
import type { People } from '../../world/people.js';
import { startUserWorld } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import { federationId, type World } from '../../world/world.js';

const { EventType } = proto.temporal.api.enums.v1;

let world: World;
let users: WorldUsers;
let people: People;

beforeAll(async () => {
  ({ world, users, people } = await startUserWorld());
});
afterAll(() => world.stop());

/** Names of the activities of a user's workflow, those that were begun at the same time together. */
async function begunTogether(login: string): Promise<string[]> {
  const workflowId = userWorkflowId(federationId, userKey(federationId, login));
  const { events } = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const groups = new Map<string, string[]>();
  for (const { eventType, activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    if (eventType !== EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED) continue;
    const task = String(scheduled?.workflowTaskCompletedEventId);
    groups.set(task, [...(groups.get(task) ?? []), scheduled?.activityType?.name ?? '']);
  }
  return [...groups.values()].map((names) => names.sort().join(' and '));
}

function failOnce(org: 'idp' | 'sp', operation: string): void {
  world.sandbox.faults.add(FaultRequest.parse({ org, operation, kind: 'status', status: 503, count: 1 }));
}

it('an onboarding asks both orgs at the same time, and checks the sign-on while it gives access', async () => {
  const login = 'together@acme.example';
  await people.inIdp(login);
  expect(problemsOf(await users.carryOut('onboard', login))).toEqual([]);
  expect(await begunTogether(login)).toEqual([
    'readFederation',
    'lookAtIdpUser and lookAtSpUser',
    'assignUser',
    'awaitSpUser',
    'confirmAssignment',
    'checkSignOn and giveAccess',
  ]);
});

it('whoever is assigned already is looked for anew, by the id that the assignment leads to', async () => {
  const login = 'renamed-there@acme.example';
  const { spId } = await people.provisioned(login);
  await world.spAdmin.post(`/api/v1/users/${spId}`, { profile: { login: 'other-name@partner.example' } });
  const { before } = await users.carryOut('onboard', login, { dryRun: true });
  expect(before?.sp).toMatchObject({ id: spId, login: 'other-name@partner.example' });
});

it('a read ahead that fails is made again by its step, and stops nobody', async () => {
  const login = 'failed-ahead@acme.example';
  await people.inIdp(login);
  failOnce('sp', 'getUser');
  const done = await users.carryOut('onboard', login);
  expect(problemsOf(done)).toEqual([]);
  expect(await begunTogether(login)).toContain('lookAtSpUser');
  expect(done.before).toMatchObject({ sp: null });
});

it('a user whom the IdP org does not know is told at once, although the SP org is away', async () => {
  const fault = world.sandbox.faults.add(FaultRequest.parse({ org: 'sp', kind: 'resetBefore', count: null }));
  try {
    const { state, steps } = await users.carryOut('onboard', 'nowhere@acme.example');
    expect(state).toBe('stopped');
    expect(steps.find(({ name }) => name === 'idpUser')?.problem?.code).toBe('O2O_IDP_USER_MISSING');
    expect(steps.find(({ name }) => name === 'spUser')).toMatchObject({ state: 'pending', evidence: [] });
  } finally {
    world.sandbox.faults.remove(fault.id);
  }
});

it('an administrator who has the login in the SP org is not linked, as without a read ahead', async () => {
  const login = 'admin-ahead@acme.example';
  await people.inIdp(login);
  const spId = await people.inSp(login);
  await world.spAdmin.post(`/api/v1/users/${spId}/roles`, { type: 'HELP_DESK_ADMIN' });
  const { state, steps } = await users.carryOut('onboard', login);
  expect(state).toBe('stopped');
  expect(steps.find(({ name }) => name === 'spUser')?.problem?.code).toBe('O2O_SP_USER_NEVER_LINKED');
});
