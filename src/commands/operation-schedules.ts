import type { Client, ScheduleOptionsAction } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { z } from 'zod';
import { Org2OrgError } from '../domain/errors.js';
import type { AgreedOptions, ScheduledKind, ScheduledOrder } from '../domain/federation.js';
import type { Actor } from '../domain/gate.js';
import {
  federationAttribute,
  federationWorkflowId,
  kindAttribute,
  operateUpdate,
  operationScheduleId,
  scheduledOperationWorkflowId,
  workflowTaskQueue,
} from '../workflows/messages.js';
import { askingSchedule, CronSchedule, type CronTimes, timesOf } from './cron-schedule.js';
import { temporalError, WorkflowRefusal } from './temporal-errors.js';

/** When operations of one kind begin, and what they are to do. */
export interface OperationSchedule extends CronTimes {
  readonly options: AgreedOptions;
}

/** A schedule as Temporal has it. */
export interface FoundOperationSchedule extends OperationSchedule {
  readonly setBy: string;
  readonly nextTimes: readonly string[];
  /** When it has begun operations last, the latest first. */
  readonly recentTimes: readonly string[];
}

const StartedWith = z.tuple([
  z.object({ options: z.record(z.string(), z.unknown()), actor: z.object({ name: z.string() }) }),
]);

/**
 * Has the federation begin an operation of a schedule.
 *
 * @returns why it did not begin: something else runs, or the state does not fit; null if it did.
 * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
 */
export async function beginScheduled(
  client: Client,
  { federationId, kind, options, actor, key }: ScheduledOrder,
): Promise<string | null> {
  const command = { kind, options, actor, idempotencyKey: null };
  try {
    const federation = client.workflow.getHandle(federationWorkflowId(federationId));
    await federation.executeUpdate(operateUpdate, { args: [command], updateId: key });
    return null;
  } catch (error) {
    const found = temporalError(error);
    if (found instanceof WorkflowRefusal) return found.problem.message;
    if (found instanceof WorkflowNotFoundError) return `There is no federation ${federationId}.`;
    throw found;
  }
}

/** The schedules of verifications and of drift checks: one of each per federation. */
export class OperationSchedules {
  constructor(
    private readonly client: Client,
    private readonly kind: ScheduledKind,
  ) {}

  /**
   * Sets the schedule in place of the one before. What is due while another operation runs drops out.
   *
   * @throws Org2OrgError `O2O_SCHEDULE_NEVER` if it would never begin anything: then the one before stays.
   */
  put(federationId: string, schedule: OperationSchedule, actor: Actor): Promise<FoundOperationSchedule> {
    return askingSchedule(this.client, async () => {
      await this.schedule(federationId).put(schedule, this.begins(federationId, schedule.options, actor));
      return this.found(federationId);
    });
  }

  /** @throws Org2OrgError `O2O_SCHEDULE_NOT_FOUND` */
  get(federationId: string): Promise<FoundOperationSchedule> {
    return askingSchedule(this.client, () => this.found(federationId));
  }

  /** Begins no more operations; one that runs goes on. @throws Org2OrgError `O2O_SCHEDULE_NOT_FOUND` */
  delete(federationId: string): Promise<FoundOperationSchedule> {
    return askingSchedule(this.client, async () => {
      const found = await this.found(federationId);
      await this.schedule(federationId).delete();
      return found;
    });
  }

  private begins(federationId: string, options: AgreedOptions, actor: Actor): ScheduleOptionsAction {
    const { kind } = this;
    return {
      type: 'startWorkflow',
      workflowType: 'scheduledOperation',
      workflowId: scheduledOperationWorkflowId(federationId, kind),
      taskQueue: workflowTaskQueue,
      args: [{ federationId, kind, options, actor }],
      typedSearchAttributes: [
        { key: federationAttribute, value: federationId },
        { key: kindAttribute, value: 'scheduled' },
      ],
      staticSummary: `${kind} of federation ${federationId}, by its schedule`,
    };
  }

  private async found(federationId: string): Promise<FoundOperationSchedule> {
    const described = await this.schedule(federationId).describe();
    const [{ options, actor }] = StartedWith.parse(described.action.args);
    return {
      ...timesOf(described),
      options,
      setBy: actor.name,
      recentTimes: described.info.recentActions.map(({ takenAt }) => takenAt.toISOString()).reverse(),
    };
  }

  private schedule(federationId: string): CronSchedule {
    const { kind } = this;
    return new CronSchedule(this.client, operationScheduleId(federationId, kind), {
      never: (detail) => new Org2OrgError('O2O_SCHEDULE_NEVER', { detail }),
      notFound: () => new Org2OrgError('O2O_SCHEDULE_NOT_FOUND', { federation: federationId, kind }),
    });
  }
}
