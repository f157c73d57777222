import { createHash, randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import {
  defaultPayloadConverter,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { Org2OrgError } from '../domain/errors.js';
import type { Actor, AnswerGate, Gate } from '../domain/gate.js';
import type { AskedGroup, RolloutCommand, RolloutRecord, RolloutState } from '../domain/group-rollout.js';
import type { findRolloutGroup } from '../workflows/find-rollout-group.js';
import type { groupRollout } from '../workflows/group-rollout.js';
import {
  answerGateUpdate,
  cancelRolloutUpdate,
  federationAttribute,
  kindAttribute,
  priorities,
  rolloutStatusQuery,
  rolloutWorkflowId,
  stateAttribute,
  workflowTaskQueue,
} from '../workflows/messages.js';
import { temporalError, WorkflowRefusal } from './temporal-errors.js';

/** How long Temporal may take to answer, and a look for a group may take, in milliseconds. */
const deadlineMs = { question: 5_000, group: 15_000 };

/** What a caller asks for. */
export interface AskedRollout extends Omit<RolloutCommand, 'groupId' | 'key'> {
  readonly group: AskedGroup;
  readonly idempotencyKey: string | null;
}

/** A rollout that runs for the command. */
export interface AcceptedRollout {
  readonly rollout: RolloutRecord;
  /** False if the same command had started it before. */
  readonly started: boolean;
}

/** One page of a list of rollouts. */
export interface RolloutPage {
  readonly rollouts: readonly { readonly groupId: string; readonly state: RolloutState }[];
  /** Temporal's position in the list; empty after the last page. */
  readonly position: Uint8Array;
}

/** Starts, commands and asks the workflows of rollouts: the one place that knows their ids. */
export class Rollouts {
  constructor(private readonly client: Client) {}

  /**
   * Starts the rollout of a group, or joins the one that runs. With the key of the last rollout it starts nothing.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_ROLLOUT_GROUP_MISSING`, `O2O_ROLLOUT_GROUP_AMBIGUOUS`,
   * `O2O_IDEMPOTENCY_KEY_REUSED`, `O2O_ROLLOUT_RUNNING`, `O2O_FEDERATION_NOT_READY`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  async start({ group, idempotencyKey, ...asked }: AskedRollout): Promise<AcceptedRollout> {
    const { federationId, dryRun } = asked;
    const groupId = await this.groupId(federationId, group);
    const key = idempotencyKey === null ? null : createHash('sha256').update(idempotencyKey).digest('hex');
    return this.asking(deadlineMs.question, async () => {
      const before = await this.find(federationId, groupId);
      if (before !== null && key !== null && before.key === key) {
        if (before.dryRun !== dryRun) throw new Org2OrgError('O2O_IDEMPOTENCY_KEY_REUSED');
        return { rollout: before, started: false };
      }
      try {
        await this.client.workflow.start<typeof groupRollout>('groupRollout', {
          workflowId: rolloutWorkflowId(federationId, groupId),
          taskQueue: workflowTaskQueue,
          workflowIdConflictPolicy: 'FAIL',
          args: [{ command: { ...asked, groupId, key }, carried: null }],
          typedSearchAttributes: [
            { key: federationAttribute, value: federationId },
            { key: kindAttribute, value: 'rollout' },
            { key: stateAttribute, value: 'running' },
          ],
          staticSummary: `Rollout of the group ${groupId}`,
          priority: { priorityKey: priorities.batch },
        });
        return { rollout: await this.get(federationId, groupId), started: true };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const rollout = await this.get(federationId, groupId);
      if (rollout.dryRun !== dryRun) throw new Org2OrgError('O2O_ROLLOUT_RUNNING', { by: rollout.startedBy });
      return { rollout, started: false };
    });
  }

  /** @throws Org2OrgError `O2O_ROLLOUT_NOT_FOUND`, `O2O_TEMPORAL_UNAVAILABLE` */
  get(federationId: string, groupId: string): Promise<RolloutRecord> {
    return this.asking(deadlineMs.question, async () => {
      const found = await this.find(federationId, groupId);
      if (found === null) throw notFound(federationId, groupId);
      return found;
    });
  }

  /** Stops following the members; what was assigned stays. @throws Org2OrgError `O2O_ROLLOUT_NOT_FOUND` */
  cancel(federationId: string, groupId: string, actor: Actor): Promise<RolloutRecord> {
    return this.asking(deadlineMs.question, async () => {
      try {
        return await this.handle(federationId, groupId).executeUpdate(cancelRolloutUpdate, { args: [actor] });
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        return this.get(federationId, groupId);
      }
    });
  }

  /** Answers an open gate. @throws Org2OrgError | WorkflowRefusal an `O2O_GATE_…` error */
  answerGate(federationId: string, groupId: string, answer: AnswerGate): Promise<Gate> {
    return this.asking(deadlineMs.question, () =>
      this.handle(federationId, groupId)
        .executeUpdate(answerGateUpdate, { args: [answer] })
        .catch((error) => {
          throw error instanceof WorkflowNotFoundError
            ? new Org2OrgError('O2O_GATE_NOT_FOUND', { gate: answer.gate })
            : error;
        }),
    );
  }

  /** Visibility's query for the rollouts of a federation. */
  listQuery(federationId: string): string {
    return [
      `${kindAttribute.name} = 'rollout'`,
      `${federationAttribute.name} = '${federationId}'`,
      `ExecutionStatus != 'ContinuedAsNew'`,
    ].join(' AND ');
  }

  /** One page of rollouts, from Temporal's visibility store: a new one may be missing for a moment. */
  list(query: string, pageSize: number, position: Uint8Array): Promise<RolloutPage> {
    return this.asking(deadlineMs.question, async () => {
      const { namespace } = this.client.options;
      const page = await this.client.workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize,
        nextPageToken: position,
      });
      const rollouts = page.executions.map(({ execution, searchAttributes }) => {
        const payload = searchAttributes?.indexedFields?.[stateAttribute.name];
        const state: RolloutState = payload ? defaultPayloadConverter.fromPayload(payload) : 'running';
        return { groupId: (execution?.workflowId ?? '').split('/').at(-1) ?? '', state };
      });
      return { rollouts, position: page.nextPageToken };
    });
  }

  private groupId(federationId: string, group: AskedGroup): Promise<string> {
    return this.asking(deadlineMs.group, async () => {
      const found = await this.client.workflow.execute<typeof findRolloutGroup>('findRolloutGroup', {
        workflowId: `group/${federationId}/${randomUUID()}`,
        taskQueue: workflowTaskQueue,
        args: [{ federationId, group }],
        typedSearchAttributes: [
          { key: federationAttribute, value: federationId },
          { key: kindAttribute, value: 'group' },
        ],
        staticSummary: `A group of federation ${federationId}`,
        priority: { priorityKey: priorities.interactive },
      });
      if ('groupId' in found) return found.groupId;
      throw new WorkflowRefusal(found.problem);
    });
  }

  private async find(federationId: string, groupId: string): Promise<RolloutRecord | null> {
    try {
      return await this.handle(federationId, groupId).query(rolloutStatusQuery);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  private handle(federationId: string, groupId: string) {
    return this.client.workflow.getHandle(rolloutWorkflowId(federationId, groupId));
  }

  private async asking<Result>(limitMs: number, ask: () => Promise<Result>): Promise<Result> {
    try {
      return await this.client.withDeadline(Date.now() + limitMs, ask);
    } catch (error) {
      throw temporalError(error);
    }
  }
}

function notFound(federation: string, group: string): Org2OrgError {
  return new Org2OrgError('O2O_ROLLOUT_NOT_FOUND', { federation, group });
}
