import { X509Certificate } from 'node:crypto';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Watched, WatchedFederation, WatchedGate } from '../domain/alarm.js';
import type { FederationRecord } from '../domain/federation.js';
import type { Gate } from '../domain/gate.js';
import {
  federationAttribute,
  federationStatusQuery,
  kindAttribute,
  operationStatusQuery,
  rolloutStatusQuery,
  stateAttribute,
  sweepStatusQuery,
  userStatusQuery,
} from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/** How many workflows at a gate are looked into: each costs a question to a worker. */
const mostGates = 200;

/** How many workflows are asked at the same time. */
const askedTogether = 10;

/** How long a workflow may take to answer, in milliseconds: no answer comes while its worker stops. */
const deadlineMs = 5_000;

/**
 * Reads every federation and every open gate from their workflows. A federation or gate that has just begun may be
 * missing for a moment.
 *
 * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
 */
export async function watchEverything(client: Client): Promise<Watched> {
  try {
    const federations: WatchedFederation[] = [];
    for (const workflow of await running(client, `${kindAttribute.name} = 'federation'`)) {
      const record = await asked(client, () =>
        client.workflow.getHandle(workflow.workflowId).query(federationStatusQuery),
      );
      if (record !== null) federations.push(watchedFederation(record));
    }
    const atGate = await running(client, `${stateAttribute.name} = 'gate' AND ${kindAttribute.name} != 'federation'`);
    const oldest = atGate.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
    const gates: WatchedGate[] = [];
    for (let from = 0; from < Math.min(oldest.length, mostGates); from += askedTogether) {
      const those = oldest.slice(from, Math.min(from + askedTogether, mostGates));
      gates.push(...(await Promise.all(those.map((workflow) => gatesOf(client, workflow)))).flat());
    }
    const uncounted: Record<string, number> = {};
    for (const workflow of oldest.slice(mostGates)) {
      const id = federationOf(workflow);
      uncounted[id] = (uncounted[id] ?? 0) + 1;
    }
    return { federations, gates, uncounted };
  } catch (error) {
    throw temporalError(error);
  }
}

async function running(client: Client, query: string): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const workflow of client.workflow.list({ query: `${query} AND ExecutionStatus = 'Running'` })) {
    found.push(workflow);
  }
  return found;
}

/** Null where the workflow is gone by now. */
async function asked<Answer>(client: Client, ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, ask);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function watchedFederation({ id, known, last, ended = {} }: FederationRecord): WatchedFederation {
  return {
    id,
    certificateExpires: known.certificate === undefined ? null : endOf(known.certificate),
    setup: last,
    verification: ended.verification ?? null,
    drift: ended.drift ?? null,
  };
}

function endOf(certificate: string): string {
  return new Date(new X509Certificate(Buffer.from(certificate, 'base64')).validTo).toISOString();
}

async function gatesOf(client: Client, workflow: WorkflowExecutionInfo): Promise<WatchedGate[]> {
  const { workflowId } = workflow;
  const gates = await asked(client, () =>
    openGates(client, workflowId, workflow.typedSearchAttributes.get(kindAttribute)),
  );
  return (gates ?? [])
    .filter(({ state }) => state === 'open')
    .map(({ kind, openedAt, expiresAt }) => ({
      federationId: federationOf(workflow),
      workflowId,
      kind,
      openedAt,
      expiresAt,
    }));
}

async function openGates(client: Client, workflowId: string, kind: string | undefined): Promise<Gate[]> {
  const handle = client.workflow.getHandle(workflowId);
  const gatesIn = (steps: readonly { readonly gate: Gate | null }[]) =>
    steps.flatMap(({ gate }) => (gate === null ? [] : [gate]));
  switch (kind) {
    case 'user':
      return (await handle.query(userStatusQuery)).transitions.flatMap(({ steps }) => gatesIn(steps));
    case 'sweep':
      return gatesIn((await handle.query(sweepStatusQuery)).steps);
    case 'rollout':
      return gatesIn((await handle.query(rolloutStatusQuery)).steps);
    default:
      return gatesIn((await handle.query(operationStatusQuery)).steps);
  }
}

function federationOf({ typedSearchAttributes }: WorkflowExecutionInfo): string {
  return typedSearchAttributes.get(federationAttribute) ?? '';
}
