import type { Problem } from '../domain/errors.js';
import type { Evidence } from '../domain/evidence.js';
import type {
  AskedGroup,
  Candidate,
  CandidateLot,
  FoundGroup,
  Leaver,
  LeaverLot,
  LeaversReadBack,
  NeverLinked,
  RolloutAccess,
  RolloutInput,
  RolloutIssue,
  RolloutLook,
  Window,
} from '../domain/group-rollout.js';
import type { UserFederation } from '../domain/user-lifecycle.js';

/** Whether something is as it must be, and why not. */
export interface Fit {
  readonly decided: string;
  readonly blocker: Problem | null;
  readonly evidence: readonly Evidence[];
}

/** The assignment of the group to the Org2Org app. */
export interface GroupAssignment extends Fit {
  readonly assigned: boolean;
  readonly applied: readonly string[];
}

/** Whom to ask the System Log about, and from when on its events count (ISO 8601). */
export interface Unexplained {
  readonly look: Pick<RolloutLook, 'queued' | 'failed' | 'notProvisioned' | 'unassigned'>;
  readonly since: string;
  /** How long nobody arrived, in minutes, once that was too long: then everyone who is not there is explained. */
  readonly overdueMinutes: number | null;
}

/** What a worker does for the rollout of a group, with the credentials of one org. Lists are read as streams. */
export interface RolloutActivities {
  /** IdP org: the group with this id, or the groups with this name. Never writes. */
  findRolloutGroup(federation: UserFederation, asked: AskedGroup): Promise<FoundGroup>;
  /** IdP org: whether the connection of the Org2Org app would push new users. Never writes. */
  checkRolloutConnection(federation: UserFederation): Promise<Fit>;
  /** IdP org: the next members who are not provisioned yet. Never writes. */
  readRolloutCandidates(input: RolloutInput, after: string | null): Promise<CandidateLot>;
  /** SP org: who of up to 200 people has a counterpart that must not be linked. Never writes. */
  findNeverLinked(
    input: RolloutInput,
    people: readonly Candidate[],
  ): Promise<{ readonly neverLinked: readonly NeverLinked[]; readonly evidence: readonly Evidence[] }>;
  /** IdP org: whether the group is assigned to the Org2Org app. Never writes. */
  assessRolloutAssignment(input: RolloutInput): Promise<GroupAssignment>;
  /** IdP org: assigns the group unless it is, and reads the assignment back. */
  assignRolloutGroup(input: RolloutInput): Promise<GroupAssignment>;
  /** IdP org: the members compared with the users of the Org2Org app. Never writes. */
  lookAtRollout(input: RolloutInput, window: Window | null): Promise<RolloutLook>;
  /** IdP org: why members have not arrived, by its System Log; the first hundred. Never writes. */
  explainRollout(
    input: RolloutInput,
    asked: Unexplained,
  ): Promise<{ readonly issues: readonly RolloutIssue[]; readonly evidence: readonly Evidence[] }>;
  /** SP org: puts those users who lack it into the access group, and reads the members back. */
  giveRolloutAccess(input: RolloutInput, spUserIds: readonly string[]): Promise<RolloutAccess>;
  /** IdP org: who was taken out of the group since then, by the System Log and fresh reads. Never writes. */
  readRolloutLeavers(input: RolloutInput, since: string, after: string | null): Promise<LeaverLot>;
  /** SP org: whether those who left are deactivated. Never writes. */
  checkRolloutLeavers(input: RolloutInput, leavers: readonly Leaver[]): Promise<LeaversReadBack>;
}
