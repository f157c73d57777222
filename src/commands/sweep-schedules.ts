import { type Client, ScheduleNotFoundError, type ScheduleOptionsAction } from '@temporalio/client';
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
import { askingSchedule, CronSchedule, type CronTimes, timesOf } from './cron-schedule.js';

/** When sweeps begin, and what they are to do. */
export interface SweepSchedule extends CronTimes {
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

const WithSpec = z.object({ spec: SweepSpec });
const StartedWith = z.tuple([WithSpec.extend({ actor: z.object({ name: z.string() }) })]);

/** The schedules of sweeps: one per federation. */
export class SweepSchedules {
  constructor(private readonly client: Client) {}

  /**
   * Sets the schedule in place of the one before. A sweep that still runs when the next is due lets that one drop out.
   * Who sets the schedule counts as the starter of its sweeps and cannot approve them.
   *
   * @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NEVER` if it would never fire, or Temporal does not understand it: then the
   * one before stays.
   */
  put(federationId: string, schedule: SweepSchedule, actor: Actor): Promise<FoundSweepSchedule> {
    return this.asking(async () => {
      await this.schedule(federationId).put(schedule, begins(federationId, schedule.spec, actor));
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
        const { state, action } = await this.schedule(federationId).handle.describe();
        return state.paused ? null : (z.tuple([WithSpec]).safeParse(action.args).data?.[0].spec ?? null);
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
      await this.schedule(federationId).delete();
      return found;
    });
  }

  /** Begins a sweep now unless one of the schedule runs. @throws Org2OrgError `O2O_SWEEP_SCHEDULE_NOT_FOUND` */
  run(federationId: string): Promise<FoundSweepSchedule> {
    return this.asking(async () => {
      await this.found(federationId);
      await this.schedule(federationId).handle.trigger('SKIP');
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
      await this.schedule(federationId).handle.backfill({ start: new Date(from), end: new Date(to), overlap: 'SKIP' });
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
      const handle = this.schedule(federationId).handle;
      if (order === 'pause') await handle.pause(`paused by ${actor.name}`);
      else await handle.unpause(`resumed by ${actor.name}`);
      return this.found(federationId);
    });
  }

  private async found(federationId: string): Promise<FoundSweepSchedule> {
    const described = await this.schedule(federationId).describe();
    const { action, state, info } = described;
    const [{ spec, actor }] = StartedWith.parse(action.args);
    const prefix = sweepWorkflowId(federationId, '');
    return {
      ...timesOf(described),
      note: state.note || null,
      spec,
      setBy: actor.name,
      recentSweeps: info.recentActions
        .map(({ action: started }) => started.workflow.workflowId.slice(prefix.length))
        .reverse(),
      droppedOut: info.numActionsSkippedOverlap,
    };
  }

  private schedule(federationId: string): CronSchedule {
    return new CronSchedule(this.client, sweepScheduleId(federationId), {
      never: (detail) => new Org2OrgError('O2O_SWEEP_SCHEDULE_NEVER', { detail }),
      notFound: () => new Org2OrgError('O2O_SWEEP_SCHEDULE_NOT_FOUND', { federation: federationId }),
    });
  }

  private asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    return askingSchedule(this.client, ask);
  }
}

function begins(federationId: string, spec: SweepSpec, actor: Actor): ScheduleOptionsAction {
  return {
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
  };
}
