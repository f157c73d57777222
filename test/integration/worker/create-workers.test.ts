import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, type DataConverter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { freePorts } from '../../../scripts/temporal/free-ports.js';
import { EncryptionCodec } from '../../../src/codec/encryption-codec.js';
import type { OrgRegistry } from '../../../src/config/org-registry.js';
import { openLedger } from '../../../src/ledger/ledger.js';
import { createWorkers, type Workers } from '../../../src/worker/create-workers.js';
import type { WorkflowBundle } from '../../../src/worker/workflow-bundle.js';
import { federationWorkflowId, workflowTaskQueue } from '../../../src/workflows/messages.js';
import { connection, nativeConnection, newNamespace, unique } from '../../setup/temporal.js';

/** `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const pendingActivityStarted = 2;

let namespace: string;
let bundle: WorkflowBundle;
let orgs: OrgRegistry;

beforeAll(async () => {
  namespace = await newNamespace();
  bundle = await bundleOf('./identify.workflow.ts');
  const [deadPort] = await freePorts(1);
  const url = `http://127.0.0.1:${deadPort}`;
  const org = { url, alsoAt: [], specificationSecrets: [], requestTimeoutMs: 5_000 };
  orgs = new Map([
    ['ours', { ...org, name: 'ours', auth: { apiToken: 'env:OURS' } }],
    ['theirs', { ...org, name: 'theirs', auth: null }],
  ]);
});

function bundleOf(workflows: string): Promise<WorkflowBundle> {
  const workflowsPath = fileURLToPath(new URL(workflows, import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}

async function newWorkers(dataConverter: DataConverter = {}, workflowBundle = bundle): Promise<Workers> {
  const secrets = async () => 'token-of-a-test';
  const native = await nativeConnection();
  const ledger = openLedger('embedded:');
  return createWorkers({ connection: native, namespace, workflowBundle, orgs, secrets, ledger, dataConverter });
}

/** Runs the workflow while the workers run, and ends them. */
async function identify(workers: Workers, client: Client, workflowId: string): Promise<unknown> {
  const running = workers.run();
  const result = client.workflow.execute('identify', { taskQueue: workflowTaskQueue, workflowId, args: ['ours'] });
  const outcome = await result.catch((error: unknown) => error);
  workers.shutdown();
  await running;
  return outcome;
}

describe('the workers of a process', () => {
  it('serve the orgs whose credentials they hold, and no other', async () => {
    const workers = await newWorkers();
    const running = workers.run();
    expect(workers.orgs).toEqual(['ours']);
    expect(workers.running()).toBe(true);
    workers.shutdown();
    await running;
    expect(workers.running()).toBe(false);
  });

  it('run activities on the queue of their org and describe what went wrong by the catalogue', async () => {
    const client = new Client({ connection: await connection(), namespace });
    const error = await identify(await newWorkers(), client, 'plain');

    const failure = error instanceof WorkflowFailedError && error.cause instanceof ActivityFailure && error.cause.cause;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'O2O_OKTA_UNREACHABLE', details: [{ org: 'ours', retryable: true }] });
  });

  it('write no readable payload into the history when encryption is on', async () => {
    const dataConverter = { payloadCodecs: [new EncryptionCodec([randomBytes(32)])] };
    const client = new Client({ connection: await connection(), namespace, dataConverter });
    await identify(await newWorkers(dataConverter), client, 'encrypted');

    const history = historyToJSON(await client.workflow.getHandle('encrypted').fetchHistory());
    const encodings = [...history.matchAll(/"encoding":\s*"([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(encodings)).toEqual(new Set([Buffer.from('binary/encrypted').toString('base64')]));
    expect(encodings.length).toBeGreaterThanOrEqual(3);
  });

  it('end within their time although an activity asks a federation that nobody runs any more', async () => {
    const client = new Client({ connection: await connection(), namespace });
    await client.workflow.start('federation', {
      taskQueue: unique('nobody'),
      workflowId: federationWorkflowId('unanswered'),
    });
    const workers = await newWorkers({}, await bundleOf('./asking.workflow.ts'));
    const running = workers.run();
    const asking = await client.workflow.start('asking', {
      taskQueue: workflowTaskQueue,
      workflowId: unique('asking'),
      args: ['unanswered'],
    });
    await vi.waitFor(async () => {
      const { raw } = await asking.describe();
      expect(raw.pendingActivities).toMatchObject([{ state: pendingActivityStarted }]);
    }, 10_000);
    workers.shutdown();
    await expect(running).resolves.toBeUndefined();
  });
});
