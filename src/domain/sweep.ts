import { z } from 'zod';
import type { Problem } from './errors.js';
import type { Evidence, Facts } from './evidence.js';
import type { StepState } from './federation.js';
import type { Actor, Gate } from './gate.js';
import { Login } from './login.js';

/** What a sweep says about one user of the SP org. */
export const findingKinds = [
  'entitled',
  'idpUserMissing',
  'idpUserDeactivated',
  'idpUserSuspended',
  'unassigned',
  'inactive',
  'expired',
  'duplicate',
  'unmanaged',
  'protected',
  'unknown',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** What a rule asks for. `suspendThenDeactivate` suspends now and deactivates later, unless the right comes back. */
export const ruleActions = ['report', 'suspend', 'deactivate', 'suspendThenDeactivate'] as const;
export type RuleAction = (typeof ruleActions)[number];

const Action = z.enum(ruleActions);
const Days = z.number().int().min(1).max(3650);

/** Which findings lead to which action. What is not named here is only reported, whatever was found. */
export const SweepRules = z.strictObject({
  idpUserMissing: Action.default('report'),
  idpUserDeactivated: Action.default('deactivate'),
  idpUserSuspended: Action.default('suspend'),
  unassigned: Action.default('deactivate'),
  /** Users who have not signed on to the SP org for so many days; new ones have a grace. */
  inactive: z
    .strictObject({ days: Days, graceDays: Days.default(30), action: Action.default('report') })
    .nullable()
    .default(null),
  /** Users whose planned end, an ISO 8601 date in this attribute of the IdP profile, has passed. */
  expired: z
    .strictObject({ attribute: z.string().min(1).max(100), action: Action.default('report') })
    .nullable()
    .default(null),
  /** Days between the two halves of `suspendThenDeactivate`. */
  deactivateAfterDays: Days.default(30),
  /** Logins, in either org, of service accounts and others who are never acted on; `*` stands for any characters. */
  protect: z.array(z.string().min(1).max(100)).max(1000).default([]),
});
export type SweepRules = z.output<typeof SweepRules> & {
  /** The federation ends: what becomes of all its users, whatever right they have. Only its teardown says so. */
  readonly federationEnds?: Exclude<RuleAction, 'report' | 'suspendThenDeactivate'>;
};

const Share = z.number().gt(0, 'must be more than 0').lt(1, 'must be less than 1, which would be no limit at all');

/** When a sweep stops by itself, and how fast it goes. */
export const SweepLimits = z.strictObject({
  /** What may be acted on without a person's approval. */
  fuse: z
    .strictObject({
      /** Most users. */
      users: z.number().int().min(1, 'must be 1 or more: to act on nobody, use the mode report').default(25),
      /** Largest share of the population. */
      share: Share.default(0.05),
      /** Largest share by which the source may have become smaller since the last complete sweep. */
      sourceShrink: Share.default(0.1),
      /** Largest share of the population about whom nothing certain is known. */
      unknown: Share.default(0.05),
    })
    .prefault({}),
  /** Largest share by which a list may be shorter than in the last complete sweep before it counts as cut off. */
  listShrink: Share.default(0.5),
  /** How many users of the list go first; if one of them reads back wrong, the rest stays. */
  canary: z.number().int().min(1).max(100).default(3),
  /** How many users are acted on at the same time. */
  inFlight: z.number().int().min(1).max(50).default(5),
  /** How long an approval is waited for. */
  approveWithinHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 30)
    .default(72),
});
export type SweepLimits = z.output<typeof SweepLimits>;

/** Everybody, or some users by their login in the IdP org. */
export const SweepScope = z.union([
  z.literal('everyone'),
  z.strictObject({ users: z.array(Login).min(1, 'must name at least one user').max(1000) }),
]);
export type SweepScope = z.output<typeof SweepScope>;

/** What a sweep is to do: the body of the request that starts or schedules it. */
export const SweepSpec = z.strictObject({
  mode: z.enum(['report', 'enforce']).default('report'),
  scope: SweepScope.default('everyone'),
  rules: SweepRules.prefault({}),
  limits: SweepLimits.prefault({}),
  reason: z.string().trim().min(1).max(500).nullable().default(null),
  ticket: z.string().trim().min(1).max(100).nullable().default(null),
});
export type SweepSpec = z.output<typeof SweepSpec>;

/** What is read, each list page by page. */
export const sweepLists = [
  'accessGroupMembers',
  'identityProviderUsers',
  'administrators',
  'assignments',
  'otherAdministrators',
  'otherSpUsers',
  'otherIdpUsers',
] as const;
/**
 * `accessGroupMembers`, `identityProviderUsers`, `administrators`: SP org. `assignments` with their users: IdP org. The
 * others are looked up many at a time: administrators of the SP org by the role of a group, SP users whom only an
 * assignment names, IdP users whom no assignment names.
 */
export type SweepList = (typeof sweepLists)[number];

/** How a list was read. */
export interface ListRead {
  readonly list: SweepList;
  readonly pages: number;
  readonly items: number;
  /** Whether Okta said, twice, that the last page is the last. */
  readonly ended: boolean;
  /** Pages that came before in the same list. */
  readonly repeated: number;
  /** Pages without items that were not the last. */
  readonly emptyWithin: number;
}

/** An IdP user who may be the one that an SP user stands for. */
export interface SourceUser {
  readonly idpUserId: string;
  readonly login: string;
  readonly status: string;
  /** Null without an assignment to the Org2Org app. */
  readonly assignment: {
    readonly status: string;
    readonly scope: string | null;
    readonly externalId: string | null;
    readonly userName: string | null;
  } | null;
  /** The attribute that the rule `expired` names; null if it is empty or no rule names one. */
  readonly endDate: string | null;
}

/** One row of the join of population and source. */
export interface SweptUser {
  readonly spUserId: string;
  readonly login: string;
  readonly status: string;
  readonly createdAt: string | null;
  readonly lastLogin: string | null;
  /** Why the user belongs to the population: linked to the identity provider, provisioned, in the access group. */
  readonly because: {
    readonly linked: boolean;
    readonly provisioned: boolean;
    readonly inAccessGroup: boolean;
  };
  /** Whether the user holds an administrator role in the SP org. */
  readonly administrator: boolean;
  /** IdP users whose assignment leads to this id, or who have the name under which this user is pushed. */
  readonly sources: readonly SourceUser[];
  /** Whether the IdP org was asked for this user: only then does the absence of a source mean anything. */
  readonly sourceKnown: boolean;
  /** Null unless an earlier sweep has suspended the user, or has found the user suspended, and that still holds. */
  readonly suspendedBySweep: {
    readonly sweepId: string;
    /** When the user is to be deactivated; null if that was not promised. */
    readonly deactivateAt: string | null;
    /** Whether somebody else had suspended the user before: no sweep takes that back. */
    readonly found: boolean;
  } | null;
}

/** What is to be done about a finding. */
export type PlannedAction = 'none' | 'suspend' | 'deactivate' | 'suspendThenDeactivate' | 'resume';

/** What a sweep says about one user, with its reason. */
export interface SweepFinding {
  readonly spUserId: string;
  readonly idpUserId: string | null;
  /** The login in the IdP org where it is known, in the SP org otherwise. */
  readonly login: string;
  readonly kind: FindingKind;
  readonly reason: string;
  readonly action: PlannedAction;
  readonly evidence: Facts;
}

/** What became of the action on one user. */
export const outcomes = ['pending', 'done', 'withdrawn', 'failed', 'notDone'] as const;
export type Outcome = (typeof outcomes)[number];

export interface FindingOutcome {
  readonly spUserId: string;
  readonly outcome: Outcome;
  /** Whether anything was written: not if the user was found as the action would have left it. */
  readonly changed: boolean;
  /** Number of the user's transition. */
  readonly transition: number | null;
  readonly note: string | null;
}

/** The mandate of a sweep to act on one user: the user's transition looks whether it still holds, and withdraws if not. */
export interface SweepMandate {
  readonly sweepId: string;
  readonly spUserId: string;
  readonly idpUserId: string | null;
  /** The login in the IdP org where it is known, in the SP org otherwise. */
  readonly login: string;
  /** Whether both users were brought together by a name alone, not by an assignment: it must be the same one still. */
  readonly byName: boolean;
  readonly kind: FindingKind;
  readonly action: Exclude<PlannedAction, 'none'>;
  readonly rules: SweepRules;
}

export const sweepStepNames = [
  'federation',
  'population',
  'source',
  'completeness',
  'findings',
  'fuse',
  'canary',
  'actions',
] as const;
export type SweepStepName = (typeof sweepStepNames)[number];

/** One step of a sweep as people read it. */
export interface SweepStep {
  readonly name: SweepStepName;
  readonly title: string;
  readonly state: StepState;
  readonly decided: string | null;
  readonly evidence: readonly Evidence[];
  readonly gate: Gate | null;
  readonly problem: Problem | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

export const sweepStates = [
  'running',
  'waiting',
  'paused',
  'gate',
  'done',
  'incomplete',
  'rejected',
  'stopped',
  'cancelled',
] as const;
/**
 * `waiting`: for an org, a database or Okta's budget. `gate`: the fuse has blown, a person decides. `incomplete`: what was
 * read is not trusted, nothing was done. `rejected`: the list was not approved. `stopped`: a problem a person must mend.
 */
export type SweepState = (typeof sweepStates)[number];

export type FindingCounts = Readonly<Record<FindingKind, number>>;

/** What a `deactivationSweep` keeps and its query returns. Its size does not grow with the number of users. */
export interface SweepRecord {
  readonly id: string;
  readonly federationId: string;
  readonly spec: SweepSpec;
  readonly state: SweepState;
  readonly startedBy: string;
  readonly trigger: 'request' | 'schedule' | 'event';
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** How often reading began: anew after a long pause or the loss of the ledger. */
  readonly attempt: number;
  readonly lists: readonly ListRead[];
  /** Users in the population, and assignments in the source. */
  readonly population: number;
  readonly source: number;
  readonly findings: FindingCounts;
  /** Users on the list of actions, and what became of them. */
  readonly actions: Readonly<Record<Outcome, number>> & { readonly listed: number };
  /** Digest of the list of actions, to which an approval is bound; null before there is one. */
  readonly listDigest: string | null;
  /** Why the read is not trusted, or why the fuse has blown. */
  readonly reasons: readonly string[];
  readonly steps: readonly SweepStep[];
  /** Users read per second, and when reading will have ended, by the last complete sweep; null if unknown. */
  readonly rate: { readonly usersPerSecond: number; readonly expectedEnd: string | null } | null;
  /** What the sweep waits for, as people read it; null while it works. */
  readonly waitingFor: string | null;
  readonly orderedBy: string | null;
  readonly updatedAt: string;
}

/** A new sweep. */
export interface NewSweep {
  readonly id: string;
  readonly federationId: string;
  readonly spec: SweepSpec;
  readonly trigger: SweepRecord['trigger'];
  readonly actor: Actor;
}

export type SweepOrder = 'pause' | 'resume' | 'cancel';

/** A person's decision about exactly one list of actions. */
export interface DecideSweep {
  readonly decision: 'approve' | 'reject';
  readonly listDigest: string;
  readonly why: string;
  readonly actor: Actor;
}

/** What the last complete sweep of a federation read: what the next is compared with. */
export interface SweepBaseline {
  readonly sweepId: string;
  readonly at: string;
  readonly population: number;
  readonly source: number;
  readonly lists: readonly Pick<ListRead, 'list' | 'items'>[];
}
