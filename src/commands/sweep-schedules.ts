import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
} from '@temporalio/client';
import { z } from 'zod';
import { Org2OrgError } from '../domain/errors.js';
import type { Actor } from '../domain/gate.js';
import { SweepSpec } from '../domain/sweep.js';
import {
  federationAttribute,
  kindAttribute,
  stateAttribute,
  sweepScheduleId,
  sweepWorkflowId,
  workflowTaskQueue,
} from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 5_000;

/** A sweep that was due while Temporal was away is still begun within this time; later the next one is waited for. */
const catchupWindow = '1 hour';

/** When sweeps begin, and what they are to do. */
export interface SweepSchedule {
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly paused: boolean;
  readonly spec: SweepSpec;
}

/** A schedule as Temporal has it. */
export interface FoundSweepSchedule extends SweepSchedule {
  readonly setBy: string;
  /** Who paused or resumed it last, as people read it; null if nobody did. */
  readonly note: string | null;
  readonly nextTimes: readonly string[];
  /** Ids of the last sweeps that it has started, the latest first. */
  readonly recentSweeps: readonly string[];
  /** How many sweeps dropped out because the one before still ran. */
  readonly droppedOut: number;
}

/** A span of time in which sweeps were missed. */
export interface MissedTime {
  /** ISO 8601, both. */
  readonly from: string;
  readonly to: string;
}

const Memo = z.object({ cron: z.string(), timeZone: z.string(), setBy: z.string() });
const StartedWith = z.tuple([z.object({ spec: SweepSpec })]);

/** The schedules of sweeps: one per federation. */
export class SweepSchedules {
  constructor(private readonly client: Client) {}

  /**
   * Sets the schedule in place of the one before. A sweep that still runs when the next is due lets that one drop out.
   * Who sets the schedule counts as the starter of its sweeps and cannot approve them.
   *
   * @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NEVER` if it would never fire, or Temporal does not understand it: then there
   * is no schedule.
   */
  put(federationId: string, schedule: SweepSchedule, actor: Actor): Promise<FoundSweepSchedule> {
    return this.asking(async () => {
      await this.checked(federationId, schedule, actor);
      await this.remove(federationId);
      await this.create(sweepScheduleId(federationId), federationId, schedule, actor, schedule.paused);
      return this.found(federationId);
    });
  }

  /** @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NOT_FOUND` */
  get(federationId: string): Promise<FoundSweepSchedule> {
    return this.asking(() => this.found(federationId));
  }

  /** What the sweeps of the schedule are to do; null without one, while it is paused, or if it is not understood. */
  specInForce(federationId: string): Promise<SweepSpec | null> {
    return this.asking(async () => {
      try {
        const { state, action } = await this.handle(federationId).describe();
        return state.paused ? null : (StartedWith.safeParse(action.args).data?.[0].spec ?? null);
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return null;
        throw error;
      }
    });
  }

  /** Begins no more sweeps; one that runs goes on. @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NOT_FOUND` */
  delete(federationId: string): Promise<FoundSweepSchedule> {
    return this.asking(async () => {
      const found = await this.found(federationId);
      await this.remove(federationId);
      return found;
    });
  }

  /** Begins a sweep now unless one of the schedule runs. @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NOT_FOUND` */
  run(federationId: string): Promise<FoundSweepSchedule> {
    return this.asking(async () => {
      await this.found(federationId);
      await this.handle(federationId).trigger('SKIP');
      return this.found(federationId);
    });
  }

  /**
   * Begins, now, what was due in a time that has passed. A sweep sees both orgs as they are today, so one makes up for any
   * number that were missed: the others drop out while it runs.
   *
   * @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NOT_FOUND`
   */
  backfill(federationId: string, { from, to }: MissedTime): Promise<FoundSweepSchedule> {
    return this.asking(async () => {
      await this.found(federationId);
      await this.handle(federationId).backfill({ start: new Date(from), end: new Date(to), overlap: 'SKIP' });
      return this.found(federationId);
    });
  }

  /**
   * Pauses or resumes; one that runs goes on. Who set the schedule stays the starter of its sweeps.
   *
   * @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NOT_FOUND`
   */
  order(federationId: string, order: 'pause' | 'resume', actor: Actor): Promise<FoundSweepSchedule> {
    return this.asking(async () => {
      await this.found(federationId);
      const handle = this.handle(federationId);
      if (order === 'pause') await handle.pause(`paused by ${actor.name}`);
      else await handle.unpause(`resumed by ${actor.name}`);
      return this.found(federationId);
    });
  }

  /** Tries the schedule out under another id, paused: the one in force stays until this one is known to be good. */
  private async checked(federationId: string, schedule: SweepSchedule, actor: Actor): Promise<void> {
    const id = `${sweepScheduleId(federationId)}/checked`;
    const handle = this.client.schedule.getHandle(id);
    try {
      await this.create(id, federationId, schedule, actor, true).catch(async (error: unknown) => {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        await handle.delete();
        await this.create(id, federationId, schedule, actor, true);
      });
      const { info } = await handle.describe();
      if (info.nextActionTimes.length === 0) throw never('no time fits');
    } catch (error) {
      throw error instanceof TypeError ? never(error.message) : error;
    } finally {
      await handle.delete().catch(() => {});
    }
  }

  private create(id: string, federationId: string, schedule: SweepSchedule, actor: Actor, paused: boolean) {
    const { cron, timeZone, spec } = schedule;
    return this.client.schedule.create({
      scheduleId: id,
      spec: { cronExpressions: [cron], timezone: timeZone },
      action: {
        type: 'startWorkflow',
        workflowType: 'deactivationSweep',
        workflowId: sweepWorkflowId(federationId, 'scheduled'),
        taskQueue: workflowTaskQueue,
        args: [{ federationId, spec, trigger: 'schedule', actor, carried: null }],
        typedSearchAttributes: [
          { key: federationAttribute, value: federationId },
          { key: kindAttribute, value: 'sweep' },
          { key: stateAttribute, value: 'running' },
        ],
        staticSummary: `Sweep of federation ${federationId} (${spec.mode}), by its schedule`,
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

  private async found(federationId: string): Promise<FoundSweepSchedule> {
    let described: ScheduleDescription;
    try {
      described = await this.handle(federationId).describe();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      throw new Org2OrgError('O2O_SWEEP_SCHEDULE_NOT_FOUND', { federation: federationId });
    }
    const { memo, action, state, info } = described;
    const [{ spec }] = StartedWith.parse(action.args);
    const prefix = sweepWorkflowId(federationId, '');
    return {
      ...Memo.parse(memo),
      paused: state.paused,
      note: state.note || null,
      spec,
      nextTimes: info.nextActionTimes.map((time) => time.toISOString()),
      recentSweeps: info.recentActions
        .map(({ action: started }) => started.workflow.workflowId.slice(prefix.length))
        .reverse(),
      droppedOut: info.numActionsSkippedOverlap,
    };
  }

  private handle(federationId: string) {
    return this.client.schedule.getHandle(sweepScheduleId(federationId));
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
  return new Org2OrgError('O2O_SWEEP_SCHEDULE_NEVER', { detail });
}
