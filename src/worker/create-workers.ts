import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { alarmWebhook } from '../activities/alarm-webhook.js';
import { createAlarmActivities } from '../activities/create-alarm-activities.js';
import { createFederationActivities } from '../activities/create-federation-activities.js';
import { createFederationEndActivities } from '../activities/create-federation-end-activities.js';
import { createLedgerActivities } from '../activities/create-ledger-activities.js';
import { createSweepLedgerActivities } from '../activities/create-sweep-ledger-activities.js';
import { createOrgActivities } from '../activities/index.js';
import { type AlarmSettings, usualAlarmSettings } from '../config/alarm-settings.js';
import type { OrgRegistry } from '../config/org-registry.js';
import { resolveSecret, restrictSecrets, type Secrets } from '../config/secrets.js';
import type { Ledger } from '../ledger/ledger.js';
import { openOrg } from '../okta/org.js';
import { batchTaskQueue, orgTaskQueue, workflowTaskQueue } from '../workflows/messages.js';
import { activityFailures } from './activity-failures.js';
import { alarmMetrics } from './alarm-metrics.js';
import { rateMetrics } from './rate-metrics.js';
import type { WorkflowBundle } from './workflow-bundle.js';

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly workflowBundle: WorkflowBundle;
  /** Activities run for every org that has credentials here. */
  readonly orgs: OrgRegistry;
  readonly secrets?: Secrets;
  /** Where sweeps keep what they read and find. */
  readonly ledger: Ledger;
  readonly dataConverter?: DataConverter;
  /** When alarms are raised and who is told; the usual settings where absent. */
  readonly alarms?: AlarmSettings;
}

/** The workers of one process: one for workflows, one that waits for batches, one for each org whose credentials it holds. */
export interface Workers {
  /** Names of the orgs that are served. */
  readonly orgs: readonly string[];
  /** Whether every worker takes tasks. */
  running(): boolean;
  /** Takes tasks until `shutdown`; rejects if one of the workers fails, after the others have ended. */
  run(): Promise<void>;
  /** Takes no more tasks; running activities may end, then they are cancelled and tried again elsewhere. */
  shutdown(): void;
}

/** Settings of the worker of workflows. */
export const workflowWorkerTuning = {} as const;

/** Settings of the worker of one org: how many requests Okta may have from it at the same time. */
export const orgWorkerTuning = { maxConcurrentActivityTaskExecutions: 20 } as const;

/** How many rows of batches one worker waits for at the same time. */
const concurrentBatchRows = 50;

/** Time that running activities have to end by themselves, and then, cancelled, altogether. */
const shutdown = { shutdownGraceTime: '10s', shutdownForceTime: '20s' } as const;

/** Longest time that `run` takes to end after `shutdown`, in milliseconds. */
export const shutdownWithinMs = 25_000;

/** Builds the workers; they take no tasks before `run`. */
export async function createWorkers(options: WorkersOptions): Promise<Workers> {
  const { connection, namespace, workflowBundle, ledger, dataConverter = {}, secrets = resolveSecret } = options;
  const { alarms = usualAlarmSettings } = options;
  const shared = { connection, namespace, dataConverter, ...shutdown };
  const served = [...options.orgs.values()]
    .filter((config) => config.auth !== null)
    .map((config) => ({
      org: openOrg(config, secrets, { rateObserver: rateMetrics(Runtime.instance().metricMeter, config.name) }),
      secrets: restrictSecrets(secrets, config),
    }));

  const client = new Client({ connection, namespace, dataConverter });
  const { runTransition, ...short } = createFederationActivities(client);
  const interceptors = { activity: [activityFailures] };

  const workers = [
    await Worker.create({
      ...shared,
      ...workflowWorkerTuning,
      taskQueue: workflowTaskQueue,
      workflowBundle,
      activities: {
        ...short,
        ...createSweepLedgerActivities(client, ledger),
        ...createLedgerActivities(client, ledger),
        ...createFederationEndActivities(client, ledger),
        ...createAlarmActivities(
          client,
          alarms,
          alarmWebhook(alarms, secrets),
          alarmMetrics(Runtime.instance().metricMeter),
        ),
      },
      interceptors,
    }),
    await Worker.create({
      ...shared,
      taskQueue: batchTaskQueue,
      activities: { runTransition },
      maxConcurrentActivityTaskExecutions: concurrentBatchRows,
      interceptors,
    }),
    ...(await Promise.all(
      served.map((dependencies) =>
        Worker.create({
          ...shared,
          ...orgWorkerTuning,
          taskQueue: orgTaskQueue(dependencies.org.name),
          activities: createOrgActivities({ ...dependencies, orgs: options.orgs, ledger }),
          interceptors,
        }),
      ),
    )),
  ];

  const shutdownAll = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    orgs: served.map(({ org }) => org.name),
    running: () => workers.every((worker) => worker.getState() === 'RUNNING'),
    async run() {
      const runs = workers.map((worker) => worker.run());
      try {
        await Promise.all(runs);
      } finally {
        shutdownAll();
        await Promise.allSettled(runs);
        for (const { org } of served) org.close();
      }
    },
    shutdown: shutdownAll,
  };
}
