import type { AuditEntry } from './audit.js';
import { canonicalDigest } from './canonical-digest.js';

/** A place in the chain: what the next row follows. */
export interface ChainLink {
  readonly seq: number;
  readonly digest: string;
}

/** What the first row follows. */
export const beginning: ChainLink = { seq: 0, digest: `sha256:${'0'.repeat(64)}` };

/** Personal data with the random salt without which its digest tells nothing of it. */
export interface Sealed {
  readonly salt: string;
  readonly data: object;
}

/** A row of the audit. Its digest covers everything here, the digest of the row before, and of personal data a digest only. */
export interface AuditRow extends ChainLink, Omit<AuditEntry, 'action' | 'outcome' | 'actor' | 'subject'> {
  readonly action: string;
  readonly outcome: string;
  readonly actorDigest: string;
  /** Null where the row is about nobody and says no reason. */
  readonly subjectDigest: string | null;
  /** Digest of the row before. */
  readonly previous: string;
}

/** What is kept beside a row: the personal data, `erased`, or nothing at all. */
export type KeptPart = Sealed | 'erased' | null;

/** A row as it is found, with what is kept beside it. */
export interface FoundRow extends AuditRow {
  readonly actor: KeptPart;
  readonly subject: KeptPart;
}

/** Makes the row that enters an entry after `previous`. */
export function rowAfter(previous: ChainLink, entry: AuditEntry, actor: Sealed, subject: Sealed | null): AuditRow {
  const { entryId, at, action, federationId, outcome, code, details } = entry;
  const row = {
    seq: previous.seq + 1,
    entryId,
    at,
    action,
    federationId,
    outcome,
    code,
    details,
    actorDigest: canonicalDigest(actor),
    subjectDigest: subject === null ? null : canonicalDigest(subject),
    previous: previous.digest,
  };
  return { ...row, digest: digestOfRow(row) };
}

function digestOfRow(row: Omit<AuditRow, 'digest'>): string {
  return canonicalDigest({ kind: 'org2org/audit/1', ...row });
}

/** Where the chain does not hold, and why. */
export interface Break {
  readonly seq: number;
  readonly reason: string;
}

/** A run of rows that was checked. */
export interface CheckedRun {
  /** The last row that holds. */
  readonly head: ChainLink;
  /** Rows that hold. */
  readonly rows: number;
  /** Rows among them whose subject was erased. */
  readonly erased: number;
  readonly broken: Break | null;
}

/**
 * Checks that the rows follow `from` and each other without a gap, that none was changed, and that the personal data beside
 * each is what it was or was erased. Stops at the first row that does not hold. Rows that are missing at the end are only
 * seen by whoever has kept a later digest.
 */
export function checkRun(from: ChainLink, found: Iterable<FoundRow>): CheckedRun {
  let head = from;
  let rows = 0;
  let erased = 0;
  for (const row of found) {
    const broken = breakOf(head, row);
    if (broken !== null) return { head, rows, erased, broken };
    head = { seq: row.seq, digest: row.digest };
    rows += 1;
    if (row.subject === 'erased') erased += 1;
  }
  return { head, rows, erased, broken: null };
}

function breakOf(previous: ChainLink, { actor, subject, digest, ...row }: FoundRow): Break | null {
  const expected = previous.seq + 1;
  if (row.seq !== expected) return { seq: expected, reason: 'the row is missing' };
  const broken = (reason: string): Break => ({ seq: row.seq, reason });
  if (row.previous !== previous.digest) return broken('the row does not follow the one before');
  if (digestOfRow(row) !== digest) return broken('the row was changed');
  if (actor === 'erased') return broken('who acted was taken away');
  if (!partHolds(actor, row.actorDigest)) return broken('who acted was changed or removed');
  if (subject !== 'erased' && !partHolds(subject, row.subjectDigest)) {
    return broken('whom it was about, or why, was changed or removed');
  }
  if (subject === 'erased' && row.subjectDigest === null) return broken('something was erased that never was');
  return null;
}

function partHolds(part: Sealed | null, digest: string | null): boolean {
  return part === null ? digest === null : canonicalDigest({ salt: part.salt, data: part.data }) === digest;
}
