import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { beforeAll, expect, it } from 'vitest';
import { transitionCommand } from '../../../src/commands/transition-command.js';
import { userKey } from '../../../src/commands/user-key.js';
import { priorities, Users } from '../../../src/commands/users.js';
import type { TransitionKind, UserRecord } from '../../../src/domain/user-lifecycle.js';
import { userWorkflowId, workflowTaskQueue } from '../../../src/workflows/messages.js';
import { firstRecord } from '../../../src/workflows/user-record.js';
import { nativeConnection, newNamespace, temporalClient } from '../../setup/temporal.js';
import { federationId, operator } from '../../world/world.js';
import { goOnSignal, type handOver } from './hand-over.workflow.js';

const [oldLogin, newLogin] = ['maiden@acme.example', 'married@acme.example'];
const at = new Date(Date.UTC(2035, 1)).toISOString();
const { EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_FAILED: refusedToBegin } = proto.temporal.api.enums.v1.EventType;

let client: Client;
let worker: Worker;

beforeAll(async () => {
  const namespace = await newNamespace();
  client = await temporalClient(namespace);
  const workflowsPath = fileURLToPath(new URL('./hand-over.workflow.ts', import.meta.url));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  worker = await Worker.create({
    connection: await nativeConnection(),
    namespace,
    taskQueue: workflowTaskQueue,
    workflowBundle,
  });
});

function planned(kind: TransitionKind, login: string) {
  const nothingElse = {
    profile: null,
    assignBy: null,
    dryRun: false,
    reason: null,
    ticket: null,
    idempotencyKey: null,
  };
  return transitionCommand({ federationId, login, kind, at, actor: operator, waitSeconds: 0, ...nothingElse });
}

/** Once the workflow has been told that the one of the new login runs already. */
async function refused(workflowId: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
        return events?.some(({ eventType }) => eventType === refusedToBegin);
      },
      { timeout: 20_000 },
    )
    .toBe(true);
}

it('what is planned is not lost where the workflow of the new login closes while it is handed over', async () => {
  const users = new Users(client);
  const record: UserRecord = firstRecord({
    command: planned('offboard', oldLogin),
    sentAt: new Date().toISOString(),
  });
  const key = userKey(federationId, newLogin);
  const newWorkflowId = userWorkflowId(federationId, key);
  const known = await worker.runUntil(async () => {
    await users.transition(planned('suspend', newLogin), priorities.interactive);
    const workflowId = randomUUID();
    const handing = await client.workflow.start<typeof handOver>('handOver', {
      workflowId,
      taskQueue: workflowTaskQueue,
      args: [record, newLogin, newWorkflowId],
    });
    await refused(workflowId);
    await users.replan(federationId, newLogin, { number: 1, at: null, actor: operator });
    await client.workflow.getHandle(newWorkflowId).result();
    await handing.signal(goOnSignal);
    expect(await handing.result()).toBe('handed over');
    const goesOn = await users.get(federationId, newLogin);
    await client.workflow.getHandle(newWorkflowId).terminate();
    return goesOn;
  });
  expect(known).toMatchObject({ login: newLogin, state: 'planned' });
  expect(known.transitions.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['offboard planned']);
  expect(known.transitions[0]?.at).toBe(at);
});
