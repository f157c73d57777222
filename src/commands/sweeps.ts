import { createHash, randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import { Org2OrgError } from '../domain/errors.js';
import type { Actor } from '../domain/gate.js';
import type { DecideSweep, NewSweep, SweepOrder, SweepRecord, SweepSpec } from '../domain/sweep.js';
import type { Ledger } from '../ledger/ledger.js';
import { type FindingFilter, type KeptFinding, listFindings } from '../ledger/sweep-findings.js';
import { findSweep, listSweeps, unendedSweeps } from '../ledger/sweep-runs.js';
import type { deactivationSweep } from '../workflows/deactivation-sweep.js';
import {
  decideSweepUpdate,
  federationAttribute,
  kindAttribute,
  priorities,
  stateAttribute,
  sweepOrderUpdate,
  sweepStatusQuery,
  sweepWorkflowId,
  workflowTaskQueue,
} from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/** How long Temporal may take to answer, in milliseconds. */
const deadlineMs = 5_000;

/** What a caller asks for. */
export interface AskedSweep {
  readonly federationId: string;
  readonly spec: SweepSpec;
  readonly trigger: NewSweep['trigger'];
  readonly actor: Actor;
  readonly idempotencyKey: string | null;
}

/** Whether the sweep's workflow still runs: one that was ended from outside must not block the next for ever. */
export async function sweepRuns(client: Client, federationId: string, sweepId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(sweepWorkflowId(federationId, sweepId)).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** Starts, commands and asks the workflows of sweeps: the one place that knows their ids. */
export class Sweeps {
  constructor(
    private readonly client: Client,
    private readonly ledger: Ledger,
  ) {}

  /**
   * Starts a sweep. The same key starts none a second time. Whether another sweep of the federation runs is found out by
   * the sweep itself, which ends with `O2O_SWEEP_RUNNING` then.
   *
   * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
   */
  start({ federationId, spec, trigger, actor, idempotencyKey }: AskedSweep) {
    const key = idempotencyKey ?? randomUUID();
    const sweepId = createHash('sha256').update(`${actor.name} ${key}`).digest('hex').slice(0, 16);
    return this.asking(async () => {
      try {
        await this.client.workflow.start<typeof deactivationSweep>('deactivationSweep', {
          workflowId: sweepWorkflowId(federationId, sweepId),
          taskQueue: workflowTaskQueue,
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          args: [{ federationId, spec, trigger, actor, carried: null }],
          typedSearchAttributes: [
            { key: federationAttribute, value: federationId },
            { key: kindAttribute, value: 'sweep' },
            { key: stateAttribute, value: 'running' },
          ],
          staticSummary: `Sweep of federation ${federationId} (${spec.mode})`,
          priority: { priorityKey: priorities.sweep },
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        const sweep = await this.find(federationId, sweepId);
        const same = sweep !== null && JSON.stringify(sweep.spec) === JSON.stringify(spec);
        if (!same) throw new Org2OrgError('O2O_IDEMPOTENCY_KEY_REUSED');
        return { sweep, started: false };
      }
      return { sweep: await this.get(federationId, sweepId), started: true };
    });
  }

  /** @throws Org2OrgError `O2O_SWEEP_NOT_FOUND`, `O2O_TEMPORAL_UNAVAILABLE` */
  get(federationId: string, sweepId: string): Promise<SweepRecord> {
    return this.asking(async () => {
      const found = await this.find(federationId, sweepId);
      if (found === null) throw new Org2OrgError('O2O_SWEEP_NOT_FOUND', { federation: federationId, sweep: sweepId });
      return found;
    });
  }

  /** The sweeps of a federation, the latest first, as the ledger has them. @throws Org2OrgError `O2O_LEDGER_UNAVAILABLE` */
  list(federationId: string, before: string | null, limit: number) {
    return listSweeps(this.ledger, federationId, before, limit);
  }

  /** The sweep of the federation that runs; null if none does. @throws Org2OrgError `O2O_LEDGER_UNAVAILABLE` */
  running(federationId: string): Promise<string | null> {
    return this.asking(async () => {
      for (const id of await unendedSweeps(this.ledger, federationId)) {
        if (await sweepRuns(this.client, federationId, id)) return id;
      }
      return null;
    });
  }

  /** What the sweep says about users, ordered by the SP user's id. @throws Org2OrgError `O2O_LEDGER_UNAVAILABLE` */
  findings(
    federationId: string,
    sweepId: string,
    filter: FindingFilter,
    after: string | null,
    limit: number,
  ): Promise<readonly KeptFinding[]> {
    return listFindings(this.ledger, { federationId, sweepId }, filter, after, limit);
  }

  /** @throws Org2OrgError | WorkflowRefusal `O2O_SWEEP_NOT_FOUND`, `O2O_SWEEP_STATE` */
  order(federationId: string, sweepId: string, order: SweepOrder, actor: Actor): Promise<SweepRecord> {
    return this.asking(() =>
      this.handle(federationId, sweepId)
        .executeUpdate(sweepOrderUpdate, { args: [order, actor] })
        .catch((error) => this.ended(error, federationId, sweepId, `be told to ${order}`)),
    );
  }

  /**
   * Approves or rejects exactly the list with this digest.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_SWEEP_OTHER_LIST`, `O2O_SWEEP_OWN_APPROVAL`, `O2O_SWEEP_APPROVAL_EXPIRED`,
   * `O2O_SWEEP_STATE`, `O2O_SWEEP_NOT_FOUND`, `O2O_GATE_FORBIDDEN`
   */
  decide(federationId: string, sweepId: string, decision: DecideSweep): Promise<SweepRecord> {
    return this.asking(() =>
      this.handle(federationId, sweepId)
        .executeUpdate(decideSweepUpdate, { args: [decision] })
        .catch((error) => this.ended(error, federationId, sweepId, `take the decision ${decision.decision}`)),
    );
  }

  /** Why a sweep whose workflow has ended takes no message. */
  private async ended(error: unknown, federationId: string, sweepId: string, order: string): Promise<never> {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const { state, steps } = await this.get(federationId, sweepId);
    const expired = state === 'rejected' && steps.some(({ gate }) => gate?.state === 'expired');
    throw expired
      ? new Org2OrgError('O2O_SWEEP_APPROVAL_EXPIRED')
      : new Org2OrgError('O2O_SWEEP_STATE', { state, order });
  }

  private async find(federationId: string, sweepId: string): Promise<SweepRecord | null> {
    try {
      return await this.handle(federationId, sweepId).query(sweepStatusQuery);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      return findSweep(this.ledger, federationId, sweepId);
    }
  }

  private handle(federationId: string, sweepId: string) {
    return this.client.workflow.getHandle(sweepWorkflowId(federationId, sweepId));
  }

  private async asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await this.client.withDeadline(Date.now() + deadlineMs, ask);
    } catch (error) {
      throw temporalError(error);
    }
  }
}
