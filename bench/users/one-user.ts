import { randomUUID } from 'node:crypto';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { transitionCommand } from '../../src/commands/transition-command.js';
import { userKey } from '../../src/commands/user-key.js';
import { Users, userStartOptions } from '../../src/commands/users.js';
import type { TransitionCommand, TransitionKind } from '../../src/domain/user-lifecycle.js';
import { orgTaskQueue, priorities, userWorkflowId, workflowTaskQueue } from '../../src/workflows/messages.js';
import type { userLifecycle } from '../../src/workflows/user-lifecycle.js';
import { federationId, operator } from '../../test/world/world.js';
import { noopUpdate, type noopUser } from './noop-workflows.js';
import type { Stage } from './stage.js';

const idp = orgTaskQueue('acme');
const sp = orgTaskQueue('partner');

/** Task queues of the activities of an onboarding, in their order. */
export const onboardingQueues: readonly string[] = [workflowTaskQueue, idp, sp, idp, sp, idp, sp, sp];

const waitSeconds = 60;

function commandOf(
  kind: TransitionKind,
  login: string,
  said: Pick<TransitionCommand, 'at' | 'idempotencyKey' | 'waitSeconds'>,
): TransitionCommand {
  const nothingElse = { profile: null, assignBy: null, dryRun: false, reason: null, ticket: null };
  return transitionCommand({ federationId, login, kind, ...nothingElse, actor: operator, ...said });
}

/** Sends a transition and waits for its end. @throws Error if it ended otherwise than done */
export async function carryOut({ client }: Stage, kind: TransitionKind, login: string): Promise<void> {
  const command = commandOf(kind, login, { at: null, idempotencyKey: randomUUID(), waitSeconds });
  const { transition } = await new Users(client).transition(command, priorities.interactive);
  if (transition.state === 'done') return;
  const why = transition.steps.flatMap(({ gate, problem }) => [gate?.question ?? [], problem?.message ?? []].flat());
  throw new Error(`the ${kind} is ${transition.state}: ${why.join('; ')}`);
}

/**
 * Sends an onboarding as a request does that waits for nothing, and waits for the result of its workflow, as `runNoop`
 * does. @throws Error if it ended otherwise than done
 */
export async function onboardToItsEnd({ client }: Stage, login: string): Promise<void> {
  const command = commandOf('onboard', login, { at: null, idempotencyKey: randomUUID(), waitSeconds: 0 });
  await new Users(client).transition(command, priorities.interactive);
  const { transitions } = await client.workflow.getHandle<typeof userLifecycle>(workflowIdOf(login)).result();
  const states = transitions.map(({ state }) => state);
  if (states.join() !== 'done') throw new Error(`the onboarding is ${states.join()}`);
}

/**
 * Starts the workflow of a user with a planned onboarding by the client alone, as a program without an API would: nothing
 * is authenticated, validated, entered into an audit or logged.
 */
export async function startPlanned(client: Client, login: string, at: string): Promise<void> {
  const command = commandOf('onboard', login, { at, idempotencyKey: null, waitSeconds: 0 });
  await client.workflow.start<typeof userLifecycle>('userLifecycle', {
    ...userStartOptions(command, priorities.interactive, 'planned'),
    args: [{ federationId, login, record: null, first: { command, sentAt: new Date().toISOString() } }],
  });
}

/** Id of the workflow of a user. */
export function workflowIdOf(login: string): string {
  return userWorkflowId(federationId, userKey(federationId, login));
}

function noop() {
  return {
    workflowId: `noop/${randomUUID()}`,
    taskQueue: workflowTaskQueue,
    args: [onboardingQueues] as [readonly string[]],
  };
}

/** Runs one workflow that does nothing, with as many activities as an onboarding, to its end. */
export function runNoop({ noopClient }: Stage): Promise<void> {
  return noopClient.workflow.execute<typeof noopUser>('noopUser', noop());
}

/** Starts one workflow that ends at once: as little goes on behind it as behind a command for next year. */
export async function startNoop({ noopClient }: Stage): Promise<string> {
  const { workflowId } = await noopClient.workflow.start<typeof noopUser>('noopUser', { ...noop(), args: [[]] });
  return workflowId;
}

/** Starts one workflow that does nothing together with an update that it answers at once. */
export async function updateWithStartNoop({ noopClient }: Stage): Promise<string> {
  const options = { ...noop(), args: [[]] as [readonly string[]] };
  await noopClient.workflow.executeUpdateWithStart(noopUpdate, {
    startWorkflowOperation: new WithStartWorkflowOperation<typeof noopUser>('noopUser', {
      ...options,
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  return options.workflowId;
}
