import { createHash } from 'node:crypto';
import { type ErrorCode, type Problem, problem } from './errors.js';
import type { Evidence } from './evidence.js';
import type { StepState } from './federation.js';
import type { Actor, Gate } from './gate.js';
import { type ProvisioningState, provisioningState, type SeenAppUser } from './provisioned-users.js';
import type { UserFederation } from './user-lifecycle.js';

/** How a command names a group of the IdP org. */
export type AskedGroup = { readonly name: string } | { readonly id: string };

/** How many people are named one by one; the others are counted. */
export const mostNamed = 100;

/** How many users of the SP org are handed on at a time. */
export const usersInWindow = 5_000;

/** Some people: how many they are, and the ids of the first hundred. */
export interface Named {
  readonly count: number;
  readonly ids: readonly string[];
}

/** What every activity of a rollout is given. */
export interface RolloutInput {
  readonly federation: UserFederation;
  readonly groupId: string;
}

/** A group, or why none can be rolled out. */
export interface FoundGroup {
  readonly id: string | null;
  /** `OKTA_GROUP`, `APP_GROUP` or `BUILT_IN`. */
  readonly type: string | null;
  readonly blocker: Problem | null;
  readonly evidence: readonly Evidence[];
}

/** Exactly one group must be meant, of whatever type. */
export function decideGroup(
  org: string,
  asked: AskedGroup,
  found: readonly { readonly id: string; readonly type: string }[],
): Omit<FoundGroup, 'evidence'> {
  const [group] = found;
  const refused = (code: ErrorCode, group: string) => ({
    id: null,
    type: null,
    blocker: problem(code, { org, group, count: found.length }),
  });
  if (group === undefined) return refused('O2O_ROLLOUT_GROUP_MISSING', 'name' in asked ? asked.name : asked.id);
  if (found.length > 1) return refused('O2O_ROLLOUT_GROUP_AMBIGUOUS', found.map(({ id }) => id).join(', '));
  return { id: group.id, type: group.type, blocker: null };
}

/** A member of the group as the SP org is asked about: never kept. */
export interface Candidate {
  readonly id: string;
  readonly login: string;
}

/** Members who are not provisioned yet, up to a thousand. */
export interface CandidateLot {
  readonly people: readonly Candidate[];
  /** How many members were passed on the way, those who are provisioned among them. */
  readonly walked: number;
  readonly after: string | null;
  readonly evidence: readonly Evidence[];
}

/** A member whose counterpart in the SP org must not be linked. */
export interface NeverLinked {
  readonly id: string;
  readonly spUserId: string;
  readonly because: string;
}

/** How far one member is; `unassigned` has not got the Org2Org app yet. */
export type MemberState = ProvisioningState | 'unassigned';

/** Which of the provisioned members a look hands on: those behind this SP user id, in the order of ids. */
export interface Window {
  readonly after: string | null;
}

/** The members of the group compared with the users of the Org2Org app, at one moment. */
export interface RolloutLook {
  readonly members: number;
  readonly provisioned: number;
  readonly queued: Named;
  readonly failed: Named;
  readonly notProvisioned: Named;
  readonly unassigned: Named;
  /** Changes whenever anybody joins, leaves, or gets another state or another SP user. */
  readonly fingerprint: string;
  /** Digest of the ids of all who are not provisioned. */
  readonly outstanding: string;
  /** SP users of the window, in the order of their ids. */
  readonly spUserIds: readonly string[];
  /** Where the next window begins; null after the last one. */
  readonly more: string | null;
  readonly evidence: readonly Evidence[];
}

/** Counts people and names the first of them. */
export function named(ids: readonly string[]): Named {
  return { count: ids.length, ids: [...ids].sort().slice(0, mostNamed) };
}

/** Compares who is in the group with who has the Org2Org app. Users who are not members do not count. */
export function compareMembers(
  members: ReadonlySet<string>,
  appUsers: ReadonlyMap<string, SeenAppUser>,
  window: Window | null,
): Omit<RolloutLook, 'evidence'> {
  const ids: Record<MemberState, string[]> = {
    provisioned: [],
    queued: [],
    failed: [],
    notProvisioned: [],
    unassigned: [],
  };
  const spUsers: string[] = [];
  const digest = createHash('sha256');
  const missing = createHash('sha256');
  for (const id of [...members].sort()) {
    const user = appUsers.get(id);
    const state = user === undefined ? 'unassigned' : provisioningState(user);
    ids[state].push(id);
    const externalId = user?.externalId ?? null;
    if (state !== 'provisioned') missing.update(`${id}\n`);
    else if (externalId !== null) spUsers.push(externalId);
    digest.update(`${id} ${state} ${externalId}\n`);
  }
  const behind = window === null ? [] : spUsers.sort().filter((id) => window.after === null || id > window.after);
  const spUserIds = behind.slice(0, usersInWindow);
  return {
    members: members.size,
    provisioned: ids.provisioned.length,
    queued: named(ids.queued),
    failed: named(ids.failed),
    notProvisioned: named(ids.notProvisioned),
    unassigned: named(ids.unassigned),
    fingerprint: digest.digest('hex').slice(0, 32),
    outstanding: missing.digest('hex').slice(0, 32),
    spUserIds,
    more: behind.length > spUserIds.length ? (spUserIds.at(-1) ?? null) : null,
  };
}

/** Why a member has not arrived. */
export interface RolloutIssue {
  /** Id in the IdP org. */
  readonly id: string;
  readonly state: MemberState | 'absent';
  readonly reason: string;
  readonly fix: string;
}

/** Members who have not arrived: all are counted, the first hundred explained. */
export interface Explained {
  readonly count: number;
  readonly issues: readonly RolloutIssue[];
}

/** The group's access in the SP org for one window of users. */
export interface RolloutAccess {
  readonly looked: number;
  readonly added: number;
  /** SP users whom the IdP org calls provisioned and the SP org does not have, or has deactivated. */
  readonly absent: Named;
  readonly blocker: Problem | null;
  readonly evidence: readonly Evidence[];
}

/** Someone who was taken out of the group while it was rolled out. */
export interface Leaver extends Candidate {
  /** Whether the IdP org still shows an assignment that only the group can have given. */
  readonly pending: boolean;
  /** Whether the System Log shows that the assignment was taken away. */
  readonly wasAssigned: boolean;
}

export interface LeaverLot {
  readonly leavers: readonly Leaver[];
  /** How many left the group and have the Org2Org app by another way. */
  readonly keep: number;
  readonly after: string | null;
  readonly evidence: readonly Evidence[];
}

/** How those who left are read back in the SP org. */
export interface LeaversReadBack {
  readonly deprovisioned: number;
  /** Who is still there: ids in the IdP org. */
  readonly stillThere: readonly string[];
  readonly evidence: readonly Evidence[];
}

export const rolloutStepNames = [
  'federation',
  'group',
  'members',
  'assignment',
  'provisioned',
  'access',
  'leavers',
  'lastLook',
] as const;
export type RolloutStepName = (typeof rolloutStepNames)[number];

export interface RolloutStep {
  readonly name: RolloutStepName;
  readonly title: string;
  readonly side: 'idp' | 'sp' | 'both';
  readonly state: StepState;
  /** What was decided and why. */
  readonly decided: string | null;
  /** What was written. */
  readonly applied: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly gate: Gate | null;
  readonly problem: Problem | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export const rolloutStates = ['running', 'waiting', 'gate', 'done', 'stopped', 'cancelled'] as const;
export type RolloutState = (typeof rolloutStates)[number];

export interface RolloutCounts {
  readonly members: number;
  readonly provisioned: number;
  readonly queued: number;
  readonly failed: number;
  readonly notProvisioned: number;
  readonly unassigned: number;
  /** Read back in the group that gives the target app. */
  readonly withAccess: number;
  /** Left the group since the rollout began and have no other assignment. */
  readonly left: number;
  /** Of those, read back DEPROVISIONED or absent in the SP org. */
  readonly deprovisioned: number;
}

/** What the workflow `groupRollout` keeps and its query returns. No names, no logins. */
export interface RolloutRecord {
  readonly federationId: string;
  readonly groupId: string;
  readonly state: RolloutState;
  readonly dryRun: boolean;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly cancelledBy: string | null;
  /** How often the members were followed from the beginning. */
  readonly pass: number;
  readonly counts: RolloutCounts;
  /** Members whose counterpart must not be linked, as last seen before the group was assigned. */
  readonly neverLinked: Named;
  /** Members who have not arrived, each with the reason. */
  readonly explained: Explained;
  /** Who left and is still there in the SP org. */
  readonly leaversStillThere: Named;
  /** Writes that the rollout has made. */
  readonly writes: number;
  readonly steps: readonly RolloutStep[];
  /** Digest of the `Idempotency-Key` of the command. */
  readonly key: string | null;
}

/** Starts a rollout. */
export interface RolloutCommand {
  readonly federationId: string;
  readonly groupId: string;
  readonly dryRun: boolean;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly actor: Actor;
  readonly key: string | null;
}
