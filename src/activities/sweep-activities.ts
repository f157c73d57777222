import type { Evidence } from '../domain/evidence.js';
import type {
  FindingCounts,
  FindingOutcome,
  ListRead,
  NewSweep,
  SweepBaseline,
  SweepFinding,
  SweepLimits,
  SweepList,
  SweepMandate,
  SweepRecord,
  SweepRules,
  SweepScope,
} from '../domain/sweep.js';
import type { MandateJudgement } from '../domain/sweep-mandate.js';
import type { IdpLook, SpLook, UserFederation } from '../domain/user-lifecycle.js';
import type { SweepAttempt } from '../ledger/sweep-reads.js';

/** What every activity of a sweep is given. */
export interface SweepInput {
  readonly sweepId: string;
  /** Counts how often reading began; what an earlier attempt has left in the ledger does not count. */
  readonly attempt: number;
  readonly federation: UserFederation;
  readonly rules: SweepRules;
}

/** How far a list is read. */
export interface ListProgress {
  readonly read: ListRead;
  /** Where to go on; null once the list has ended. */
  readonly after: string | null;
  readonly done: boolean;
  /** The last answers. */
  readonly evidence: readonly Evidence[];
}

/** What a worker reads for a sweep with the credentials of one org, straight into the ledger. Nothing here writes to Okta. */
export interface SweepOrgActivities {
  /**
   * Reads some pages of a list (bounded by number and time) into the ledger and says how far it came. A page that is
   * read again, after a crash, replaces itself.
   */
  readSweepList(input: SweepInput, list: SweepList, from: ListProgress | null): Promise<ListProgress>;
  /** Reads the users whom the scope names, one by one, with everything the join needs of this side. */
  readSweptUsers(input: SweepInput, side: 'idp' | 'sp', scope: Exclude<SweepScope, 'everyone'>): Promise<ListProgress>;
}

/** What a read, and a list of actions, are measured by. */
export interface SweepAgreement {
  readonly limits: SweepLimits;
  readonly baseline: SweepBaseline | null;
  /** Whether the scope names users, not everyone. */
  readonly someUsers: boolean;
}

/** What was found and listed. */
export interface JudgedSweep {
  /** Whether the ledger held everything that was read up to the end of the join. */
  readonly held: boolean;
  readonly population: number;
  readonly source: number;
  readonly findings: FindingCounts;
  /** Users on the list of actions. */
  readonly listed: number;
  /** Digest over the list of actions, see `ListDigest`. */
  readonly listDigest: string;
  /** Why a person must approve the list, see `blownFuses`. */
  readonly blown: readonly string[];
}

/** The list of actions as the sweep knows it: its digest, and on how many nothing was done yet. */
export interface JudgedList {
  readonly digest: string | null;
  readonly pending: number;
}

export interface NextOfList {
  readonly held: boolean;
  readonly findings: readonly SweepFinding[];
}

/** What a worker does for a sweep without the credentials of an org, in the ledger; on the queue of the workflows. */
export interface SweepLedgerActivities {
  /**
   * Enters the sweep into the ledger. Another sweep of everyone in the same federation that still runs is named: two do
   * not run at the same time.
   */
  openSweep(sweep: NewSweep): Promise<{ readonly running: string | null; readonly baseline: SweepBaseline | null }>;
  /**
   * Whether the ledger holds everything that this attempt has read, as it may have been lost and be empty; and why what
   * was read cannot be trusted, see `doubtsAbout`. Of some users, read one by one, there is no list to doubt.
   */
  assessReads(
    input: SweepInput,
    lists: readonly ListRead[],
    agreed: SweepAgreement,
  ): Promise<{ readonly held: boolean; readonly doubts: readonly string[] }>;
  /** Joins population and source, judges everyone, keeps the findings. Carried out again it does the same again. */
  judgeSweep(input: SweepInput, lists: readonly ListRead[], agreed: SweepAgreement): Promise<JudgedSweep>;
  /**
   * The next findings of the list on which nothing was done yet, in order of the SP user's id; and whether the ledger
   * holds the list as it was judged, by its digest and by how many of it are pending.
   */
  nextOfList(of: SweepAttempt, list: JudgedList, limit: number): Promise<NextOfList>;
  /** The same without a look at the digest, for sweeps that were begun before there was one. */
  nextActions(of: SweepAttempt, limit: number): Promise<readonly SweepFinding[]>;
  /** Keeps what became of users, and which suspensions hold since or no more. */
  recordOutcomes(of: SweepAttempt, outcomes: readonly FindingOutcome[], rules: SweepRules): Promise<void>;
  /** Keeps the sweep as it stands, for lists and for the next sweep's comparison; at its end drops the working set. */
  saveSweep(record: SweepRecord): Promise<void>;
  /** Whether the mandate still holds for a user whom both orgs were just asked for. */
  judgeMandate(mandate: SweepMandate, federation: UserFederation, idp: IdpLook, sp: SpLook): Promise<MandateJudgement>;
}
