import { setTimeout as after } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { AuditEntry } from '../domain/audit.js';
import type { ChainLink } from '../domain/audit-chain.js';
import { AuditAppender } from '../ledger/audit-appender.js';
import { type CheckedAudit, checkAudit } from '../ledger/audit-check.js';
import { type AuditFilter, type ListedAuditRow, listAudit } from '../ledger/audit-list.js';
import type { Ledger } from '../ledger/ledger.js';
import type { auditEntries } from '../workflows/audit-entries.js';
import {
  auditEntriesSignal,
  auditEntriesWorkflowId,
  kindAttribute,
  priorities,
  stateAttribute,
  workflowTaskQueue,
} from '../workflows/messages.js';

/** How long a command waits for the ledger, and then for Temporal, in milliseconds. */
const ledgerWithinMs = 1_000;
const temporalWithinMs = 1_000;

/** After it was away, the ledger is not asked for this time. */
const awayForMs = 5_000;

/** When an entry that neither of them took is sent again, and how many such entries this process holds meanwhile. */
const triesAgainAfterMs = [1_000, 4_000, 10_000, 20_000, 25_000] as const;
const mostHeld = 1_000;

/** How many entries that come at the same time are entered together. */
const mostTogether = 100;

/** Tells that an entry was lost, without personal data. */
export type TellLost = (entry: Pick<AuditEntry, 'entryId' | 'action' | 'at'>) => void;

/** Enters what was done into the audit, and reads it. */
export class AuditTrail {
  readonly #waiting: { readonly entry: AuditEntry; readonly settle: (entered: boolean) => void }[] = [];
  #entering = false;
  #awayUntil = 0;
  readonly #open = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #appender: AuditAppender;

  constructor(
    private readonly client: Client,
    private readonly ledger: Ledger,
    private readonly tellLost: TellLost,
  ) {
    this.#appender = new AuditAppender(ledger);
  }

  /**
   * Enters what was done. If the ledger is away, the entry waits for it in a workflow; only if Temporal is away as well, for
   * a minute, it is lost, and told. Never throws, and returns within two seconds: no command fails for its row.
   */
  async enter(entry: AuditEntry): Promise<void> {
    if (await this.#minded(this.#send(entry))) return;
    if (this.#open.size >= mostHeld) this.#lose(entry);
    else void this.#minded(this.#keepTrying(entry));
  }

  /** Waits for what is being sent; what it holds is sent no more: that is lost, and told. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#open);
  }

  async #minded<Result>(work: Promise<Result>): Promise<Result> {
    this.#open.add(work);
    try {
      return await work;
    } finally {
      this.#open.delete(work);
    }
  }

  /** @returns whether the ledger, or else the workflow, has taken it. */
  async #send(entry: AuditEntry): Promise<boolean> {
    return (await this.#toLedger(entry)) || this.#toTemporal(entry);
  }

  async #keepTrying(entry: AuditEntry): Promise<void> {
    const { signal } = this.#closing;
    for (const waitMs of triesAgainAfterMs) {
      await after(waitMs, undefined, { ref: false, signal }).catch(() => {});
      if (signal.aborted) break;
      if (await this.#send(entry)) return;
    }
    this.#lose(entry);
  }

  #lose({ entryId, action, at }: AuditEntry): void {
    this.tellLost({ entryId, action, at });
  }

  /** Rows, the latest first, that stand before the given one. @throws Org2OrgError `O2O_LEDGER_UNAVAILABLE` */
  list(filter: AuditFilter, before: number | null, limit: number): Promise<readonly ListedAuditRow[]> {
    return listAudit(this.ledger, filter, before, limit);
  }

  /** Checks all of it, see `checkAudit`. @throws Org2OrgError `O2O_LEDGER_UNAVAILABLE` */
  check(kept: ChainLink | null): Promise<CheckedAudit> {
    return checkAudit(this.ledger, kept);
  }

  #toLedger(entry: AuditEntry): Promise<boolean> {
    if (Date.now() < this.#awayUntil) return Promise.resolve(false);
    return new Promise((settle) => {
      this.#waiting.push({ entry, settle });
      if (!this.#entering) void this.#enterWaiting();
    });
  }

  async #enterWaiting(): Promise<void> {
    this.#entering = true;
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0, mostTogether);
      const entered = await this.#enterTogether(together.map(({ entry }) => entry));
      for (const { settle } of together) settle(entered);
      if (entered) continue;
      this.#awayUntil = Date.now() + awayForMs;
      for (const { settle } of this.#waiting.splice(0)) settle(false);
    }
    this.#entering = false;
  }

  async #enterTogether(entries: readonly AuditEntry[]): Promise<boolean> {
    const entered = this.#appender.enter(entries).then(
      () => true,
      () => false,
    );
    return Promise.race([entered, after(ledgerWithinMs, false, { ref: false })]);
  }

  async #toTemporal(entry: AuditEntry): Promise<boolean> {
    try {
      await this.client.withDeadline(Date.now() + temporalWithinMs, () =>
        this.client.workflow.signalWithStart<typeof auditEntries, [readonly AuditEntry[]]>('auditEntries', {
          workflowId: auditEntriesWorkflowId,
          taskQueue: workflowTaskQueue,
          args: [{ waiting: [] }],
          signal: auditEntriesSignal,
          signalArgs: [[entry]],
          typedSearchAttributes: [
            { key: kindAttribute, value: 'audit' },
            { key: stateAttribute, value: 'waiting' },
          ],
          staticSummary: 'Rows of the audit that wait for the ledger',
          priority: { priorityKey: priorities.sweep },
        }),
      );
      return true;
    } catch {
      return false;
    }
  }
}
