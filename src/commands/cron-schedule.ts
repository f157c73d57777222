import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOptionsAction,
} from '@temporalio/client';
import { z } from 'zod';
import type { Org2OrgError } from '../domain/errors.js';
import { temporalError } from './temporal-errors.js';

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 5_000;

/** What was due while Temporal was away is still begun within this time; later the next one is waited for. */
const catchupWindow = '1 hour';

/** When something begins. */
export interface CronTimes {
  /** Five fields. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly paused: boolean;
}

/** A schedule as Temporal has it. */
export interface FoundCronTimes extends CronTimes {
  readonly nextTimes: readonly string[];
}

/** How a schedule tells what is wrong with it. */
export interface ScheduleErrors {
  never(detail: string): Org2OrgError;
  notFound(): Org2OrgError;
}

/** One schedule of Temporal: a workflow that begins at the times of a cron expression, never while the last one runs. */
export class CronSchedule {
  constructor(
    private readonly client: Client,
    private readonly scheduleId: string,
    private readonly errors: ScheduleErrors,
  ) {}

  get handle() {
    return this.client.schedule.getHandle(this.scheduleId);
  }

  /**
   * Sets times and workflow in place of those before, which stay in force until these are known to be good.
   *
   * @throws Org2OrgError `errors.never` if nothing would ever begin, or Temporal does not understand the times
   */
  async put(times: CronTimes, action: ScheduleOptionsAction): Promise<void> {
    await this.check(times, action);
    const options = optionsOf(times, action);
    try {
      await this.handle.update(() => ({ ...options, state: { paused: times.paused } }));
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      await this.client.schedule.create({ scheduleId: this.scheduleId, ...options });
    }
  }

  /** @throws Org2OrgError `errors.notFound` */
  async describe(): Promise<ScheduleDescription> {
    try {
      return await this.handle.describe();
    } catch (error) {
      throw error instanceof ScheduleNotFoundError ? this.errors.notFound() : error;
    }
  }

  /** Begins nothing more; what runs goes on. */
  async delete(): Promise<void> {
    try {
      await this.handle.delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  /** Tries the schedule out under another id, paused. */
  private async check(times: CronTimes, action: ScheduleOptionsAction): Promise<void> {
    const scheduleId = `${this.scheduleId}/checked`;
    const handle = this.client.schedule.getHandle(scheduleId);
    const create = () => this.client.schedule.create({ scheduleId, ...optionsOf({ ...times, paused: true }, action) });
    try {
      await create().catch(async (error: unknown) => {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        await handle.delete();
        await create();
      });
      const { info } = await handle.describe();
      if (info.nextActionTimes.length === 0) throw this.errors.never('no time fits');
    } catch (error) {
      throw error instanceof TypeError ? this.errors.never(error.message) : error;
    } finally {
      await handle.delete().catch(() => {});
    }
  }
}

/** Asks Temporal about a schedule. @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE` */
export async function askingSchedule<Result>(client: Client, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, ask);
  } catch (error) {
    throw temporalError(error);
  }
}

const Memo = z.object({ cron: z.string(), timeZone: z.string() });

/** When a schedule begins its workflow: Temporal keeps no expression, so the memo of the workflow has it. */
export function timesOf({ action, state, info }: ScheduleDescription): FoundCronTimes {
  return {
    ...Memo.parse(action.memo),
    paused: state.paused,
    nextTimes: info.nextActionTimes.map((time) => time.toISOString()),
  };
}

function optionsOf({ cron, timeZone, paused }: CronTimes, action: ScheduleOptionsAction) {
  return {
    spec: { cronExpressions: [cron], timezone: timeZone },
    action: { ...action, memo: { cron, timeZone } },
    policies: { overlap: 'SKIP', catchupWindow },
    state: { paused },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>;
}
