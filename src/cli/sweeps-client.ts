import type { z } from 'zod';
import {
  FindingsSchema,
  SweepAcceptedSchema,
  type SweepAnswer,
  SweepAnswerSchema,
  type SweepDecisionDocument,
  SweepListSchema,
} from '../api/schemas/sweep.js';
import { type MissedTimeDocument, SweepScheduleSchema } from '../api/schemas/sweep-schedule.js';
import type { SweepOrder } from '../domain/sweep.js';
import { type ApiAccess, apiPath, askApiFor, json } from './api-request.js';

type SweepAccepted = z.output<typeof SweepAcceptedSchema>;
type SweepList = z.output<typeof SweepListSchema>;
export type SweepScheduleAnswer = z.output<typeof SweepScheduleSchema>;
export type SweepFindingAnswer = z.output<typeof FindingsSchema>['findings'][number];

/** Orders to the schedule of sweeps that need nothing but their name. */
export const scheduleOrders = ['run', 'pause', 'resume'] as const;
export type ScheduleOrder = (typeof scheduleOrders)[number];

/** The API's routes of sweeps as functions. All throw `ApiProblem` for an answer that is not a success. */
export class SweepsClient {
  constructor(
    private readonly access: ApiAccess,
    private readonly federation: string,
  ) {}

  start(spec: Readonly<Record<string, unknown>>): Promise<SweepAccepted> {
    const request = { method: 'POST', path: this.path('sweeps'), body: json(spec) } as const;
    return askApiFor(this.access, request, SweepAcceptedSchema);
  }

  get(sweep: string): Promise<SweepAnswer> {
    return askApiFor(this.access, { method: 'GET', path: this.path('sweeps', sweep) }, SweepAnswerSchema);
  }

  /** The latest ones. */
  list(): Promise<SweepList> {
    return askApiFor(this.access, { method: 'GET', path: this.path('sweeps') }, SweepListSchema);
  }

  /** All findings that fit the query, each as the API tells it. */
  async findings(sweep: string, query: Readonly<Record<string, string>> = {}): Promise<readonly SweepFindingAnswer[]> {
    const found: SweepFindingAnswer[] = [];
    for (let after: string | null = null; ; ) {
      const asked = new URLSearchParams({ ...query, ...(after === null ? {} : { after }), limit: '1000' });
      const path = `${this.path('sweeps', sweep, 'findings')}?${asked}`;
      const page: z.output<typeof FindingsSchema> = await askApiFor(
        this.access,
        { method: 'GET', path },
        FindingsSchema,
      );
      found.push(...page.findings);
      if (page.nextAfter === null) return found;
      after = page.nextAfter;
    }
  }

  decide(
    sweep: string,
    decision: 'approve' | 'reject',
    body: z.output<typeof SweepDecisionDocument>,
  ): Promise<SweepAnswer> {
    const request = { method: 'POST', path: this.path('sweeps', sweep, decision), body: json(body) } as const;
    return askApiFor(this.access, request, SweepAnswerSchema);
  }

  order(sweep: string, order: SweepOrder): Promise<SweepAnswer> {
    return askApiFor(this.access, { method: 'POST', path: this.path('sweeps', sweep, order) }, SweepAnswerSchema);
  }

  schedule(): Promise<SweepScheduleAnswer> {
    return this.askSchedule('GET');
  }

  /** `schedule` is YAML or JSON as a person wrote it. */
  setSchedule(schedule: string): Promise<SweepScheduleAnswer> {
    const body = { type: 'application/yaml', content: schedule };
    return askApiFor(this.access, { method: 'PUT', path: this.path('sweep-schedule'), body }, SweepScheduleSchema);
  }

  orderSchedule(order: ScheduleOrder): Promise<SweepScheduleAnswer> {
    return askApiFor(this.access, { method: 'POST', path: this.path('sweep-schedule', order) }, SweepScheduleSchema);
  }

  backfill(missed: z.output<typeof MissedTimeDocument>): Promise<SweepScheduleAnswer> {
    const request = { method: 'POST', path: this.path('sweep-schedule', 'backfill'), body: json(missed) } as const;
    return askApiFor(this.access, request, SweepScheduleSchema);
  }

  deleteSchedule(): Promise<SweepScheduleAnswer> {
    return this.askSchedule('DELETE');
  }

  private askSchedule(method: 'GET' | 'DELETE'): Promise<SweepScheduleAnswer> {
    return askApiFor(this.access, { method, path: this.path('sweep-schedule') }, SweepScheduleSchema);
  }

  private path(...parts: readonly string[]): string {
    return apiPath('federations', this.federation, ...parts);
  }
}
