import type { AuditEntry } from '../domain/audit.js';
import type { ChainLink } from '../domain/audit-chain.js';
import { enterAudit, enterAuditAfter } from './audit.js';
import type { Ledger } from './ledger.js';

/**
 * Enters what one process does into the audit. It remembers where the audit ends: as long as nobody else appends, any number
 * of entries takes one question.
 */
export class AuditAppender {
  #head: ChainLink | null = null;

  constructor(private readonly ledger: Ledger) {}

  /** As `enterAudit`. @throws Org2OrgError `O2O_LEDGER_UNAVAILABLE` */
  async enter(entries: readonly AuditEntry[]): Promise<void> {
    const head = this.#head;
    // Until this is known to have taken effect, nobody knows where the audit ends.
    this.#head = null;
    const entered = head === null ? null : await enterAuditAfter(this.ledger, head, entries);
    this.#head = entered ?? (await enterAudit(this.ledger, entries));
  }
}
