import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
} from '@temporalio/client';
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
import { temporalError, WorkflowRefusal } from './temporal-errors.js';

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 5_000;

/** An operation that was due while Temporal was away is still begun within this time; later the next one is waited for. */
const catchupWindow = '1 hour';

/** When operations of one kind begin, and what they are to do. */
export interface OperationSchedule {
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly paused: boolean;
  readonly options: AgreedOptions;
}

/** A schedule as Temporal has it. */
export interface FoundOperationSchedule extends OperationSchedule {
  readonly setBy: string;
  readonly nextTimes: readonly string[];
  /** When it has begun operations last, the latest first. */
  readonly recentTimes: readonly string[];
}

const Memo = z.object({ cron: z.string(), timeZone: z.string(), setBy: z.string() });
const StartedWith = z.tuple([z.object({ options: z.record(z.string(), z.unknown()) })]);

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
    return this.asking(async () => {
      await this.checked(federationId, schedule, actor);
      await this.remove(federationId);
      await this.create(operationScheduleId(federationId, this.kind), federationId, schedule, actor);
      return this.found(federationId);
    });
  }

  /** @throws Org2OrgError `O2O_SCHEDULE_NOT_FOUND` */
  get(federationId: string): Promise<FoundOperationSchedule> {
    return this.asking(() => this.found(federationId));
  }

  /** Begins no more operations; one that runs goes on. @throws Org2OrgError `O2O_SCHEDULE_NOT_FOUND` */
  delete(federationId: string): Promise<FoundOperationSchedule> {
    return this.asking(async () => {
      const found = await this.found(federationId);
      await this.remove(federationId);
      return found;
    });
  }

  /** Tries the schedule out under another id, paused: the one in force stays until this one is known to be good. */
  private async checked(federationId: string, schedule: OperationSchedule, actor: Actor): Promise<void> {
    const id = `${operationScheduleId(federationId, this.kind)}/checked`;
    const handle = this.client.schedule.getHandle(id);
    const create = () => this.create(id, federationId, { ...schedule, paused: true }, actor);
    try {
      await create().catch(async (error: unknown) => {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        await handle.delete();
        await create();
      });
      const { info } = await handle.describe();
      if (info.nextActionTimes.length === 0) throw never('no time fits');
    } catch (error) {
      throw error instanceof TypeError ? never(error.message) : error;
    } finally {
      await handle.delete().catch(() => {});
    }
  }

  private create(id: string, federationId: string, schedule: OperationSchedule, actor: Actor) {
    const { cron, timeZone, paused, options } = schedule;
    const { kind } = this;
    return this.client.schedule.create({
      scheduleId: id,
      spec: { cronExpressions: [cron], timezone: timeZone },
      action: {
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
      },
      policies: { overlap: 'SKIP', catchupWindow },
      state: { paused },
      memo: { cron, timeZone, setBy: actor.name },
    });
  }

  private async remove(federationId: string): Promise<void> {
    try {
      await this.handle(federationId).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  private async found(federationId: string): Promise<FoundOperationSchedule> {
    let described: ScheduleDescription;
    try {
      described = await this.handle(federationId).describe();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      throw new Org2OrgError('O2O_SCHEDULE_NOT_FOUND', { federation: federationId, kind: this.kind });
    }
    const { memo, action, state, info } = described;
    const [{ options }] = StartedWith.parse(action.args);
    return {
      ...Memo.parse(memo),
      paused: state.paused,
      options,
      nextTimes: info.nextActionTimes.map((time) => time.toISOString()),
      recentTimes: info.recentActions.map(({ takenAt }) => takenAt.toISOString()).reverse(),
    };
  }

  private handle(federationId: string) {
    return this.client.schedule.getHandle(operationScheduleId(federationId, this.kind));
  }

  private async asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await this.client.withDeadline(Date.now() + deadlineMs, ask);
    } catch (error) {
      throw temporalError(error);
    }
  }
}

function never(detail: string): Org2OrgError {
  return new Org2OrgError('O2O_SCHEDULE_NEVER', { detail });
}
