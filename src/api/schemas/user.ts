import { z } from 'zod';
import { Name } from '../../domain/federation-spec.js';
import { Login } from '../../domain/login.js';
import type { OffboardingProof } from '../../domain/offboarding-proof.js';
import {
  type AssignmentView,
  type BothSides,
  type Transition,
  transitionKinds,
  transitionStates,
  type UserChange,
  type UserRecord,
  type UserStep,
  type UserView,
  userResources,
  userStepNames,
} from '../../domain/user-lifecycle.js';
import { CheckSchema, EvidenceSchema, FactsSchema, FieldChangeSchema } from './assessment.js';
import { GateSchema } from './gate.js';
import { ProblemSchema } from './problem.js';

/** Longest time that `Prefer: wait` is honoured, in seconds. */
const longestWaitSeconds = 60;

/** How far ahead a transition may be planned, in milliseconds. */
const farthestMs = 5 * 365 * 24 * 60 * 60 * 1000;

const attribute = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'is no name of an attribute');
const value = z.union([
  z.string().max(1000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(1000)).max(100),
]);

const ProfileDocument = z
  .record(attribute, value)
  .refine((profile) => Object.keys(profile).length > 0, 'names no attribute')
  .refine((profile) => Object.keys(profile).length <= 100, 'names more than 100 attributes')
  .refine((profile) => profile.login === undefined || Login.safeParse(profile.login).success, 'holds no usable login')
  .describe("Attributes of the user's profile in the IdP org, under Okta's names");

/** A point in time with its time zone, as UTC. */
const PointInTime = z.iso
  .datetime({ offset: true, error: 'must be a date and time with a time zone, like 2027-01-31T18:00:00+01:00' })
  .transform((text) => new Date(text).toISOString())
  .refine((at) => Date.parse(at) < Date.now() + farthestMs, 'lies more than five years ahead');

const about = {
  dryRun: z.boolean().default(false).describe('Look and say what would change; write nothing'),
  at: PointInTime.optional().describe('When it shall begin, with a time zone; a time in the past begins now'),
  reason: z.string().trim().min(1).max(1000).optional().describe('Why; stands in the report and in the proof'),
  ticket: z.string().trim().min(1).max(200).optional().describe('Where it was asked for'),
};
const assignBy = z
  .enum(['direct', 'group'])
  .optional()
  .describe('How the user gets the Org2Org app; `users.assignBy` of the specification where absent');

/** Body of POST …/users. */
export const OnboardDocument = z
  .strictObject({
    login: Login.optional(),
    id: z
      .string()
      .regex(/^00u[A-Za-z0-9]{10,}$/, "must be Okta's id of a user in the IdP org")
      .optional(),
    profile: ProfileDocument.optional().describe('Where given, a user who does not exist is created with it'),
    assignBy,
    ...about,
  })
  .superRefine(({ login, id, profile }, context) => {
    if ((login === undefined) === (id === undefined)) {
      context.addIssue({ code: 'custom', path: ['login'], message: 'send either login or id' });
    }
    if (profile?.login !== undefined && profile.login !== login) {
      context.addIssue({ code: 'custom', path: ['profile', 'login'], message: 'must be the same as login, or absent' });
    }
  })
  .meta({ id: 'Onboard' });

/** Body of POST …/transitions. */
export const TransitionDocument = z
  .strictObject({
    transition: z.enum(transitionKinds),
    profile: ProfileDocument.optional().describe('With update: the attributes to change, the login among them'),
    assignBy,
    ...about,
  })
  .superRefine(({ transition, profile, assignBy: by }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (transition === 'update' && profile === undefined) issue('profile', 'update needs the attributes to change');
    if (transition !== 'update' && transition !== 'onboard' && profile !== undefined) {
      issue('profile', `${transition} changes no attributes: remove the field`);
    }
    if (by !== undefined && transition !== 'onboard' && transition !== 'reactivate') {
      issue('assignBy', `${transition} assigns nothing: remove the field`);
    }
  })
  .meta({ id: 'TransitionCommand' });

/** Body of PATCH …/transitions/{number}. */
export const ReplanDocument = z.strictObject({ at: PointInTime }).meta({ id: 'Replan' });

export const UserPath = z.object({ id: Name, login: Login });
export const TransitionPath = UserPath.extend({ number: z.coerce.number().int().min(1) });
export const UserGatePath = UserPath.extend({ gate: z.string().min(1).max(200) });

const UserViewSchema: z.ZodType<UserView> = z
  .object({
    id: z.string(),
    login: z.string(),
    status: z.string(),
    transitioningToStatus: z.string().nullable(),
    provider: z.string().nullable(),
    lastLogin: z.string().nullable(),
    profile: FactsSchema,
  })
  .meta({ id: 'User' });

const AssignmentViewSchema: z.ZodType<AssignmentView> = z
  .object({
    scope: z.string(),
    status: z.string(),
    syncState: z.string().nullable(),
    externalId: z.string().nullable(),
    userName: z.string().nullable(),
    profile: FactsSchema,
  })
  .meta({ id: 'Assignment' });

const BothSidesSchema: z.ZodType<BothSides> = z
  .object({
    idp: UserViewSchema.nullable(),
    assignment: AssignmentViewSchema.nullable(),
    sp: UserViewSchema.nullable(),
  })
  .meta({ id: 'BothSides' });

const UserChangeSchema: z.ZodType<UserChange> = z
  .object({
    org: z.string(),
    resource: z.enum(userResources),
    write: z.string(),
    summary: z.string(),
    fields: z.array(FieldChangeSchema),
    reversible: z.boolean(),
  })
  .meta({ id: 'UserChange' });

const UserStepSchema: z.ZodType<UserStep> = z
  .object({
    name: z.enum(userStepNames),
    title: z.string(),
    side: z.enum(['idp', 'sp', 'both']),
    state: z.enum(['pending', 'running', 'waiting', 'gate', 'stopped', 'done', 'skipped', 'planned']),
    decided: z.string().nullable().describe('What was decided and why'),
    changes: z.array(UserChangeSchema).describe('What is to be written'),
    applied: z.array(z.string()).describe('What was written'),
    checks: z.array(CheckSchema),
    evidence: z.array(EvidenceSchema).describe('What Okta answered'),
    gate: GateSchema.nullable(),
    problem: ProblemSchema.nullable(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'UserStep' });

export const OffboardingProofSchema: z.ZodType<OffboardingProof> = z
  .object({
    kind: z.literal('org2org/offboarding-proof/1'),
    federationId: z.string(),
    transition: z.int(),
    user: z.object({ login: z.string(), idpUserId: z.string().nullable(), spUserId: z.string().nullable() }),
    requestedBy: z.string(),
    reason: z.string().nullable(),
    ticket: z.string().nullable(),
    statements: z.array(CheckSchema),
    provenAt: z.string(),
    digest: z.string().describe('sha256: and the digest of the rest of the document in canonical form (RFC 8785)'),
  })
  .meta({ id: 'OffboardingProof' });

/** A transition as the API tells it: without what only tells commands apart. */
export type TransitionReport = Omit<Transition, 'fingerprint'>;

export const TransitionSchema: z.ZodType<TransitionReport> = z
  .object({
    number: z.int(),
    kind: z.enum(transitionKinds),
    state: z.enum(transitionStates),
    dryRun: z.boolean(),
    at: z.string().nullable(),
    reason: z.string().nullable(),
    ticket: z.string().nullable(),
    profile: z.record(z.string(), value).nullable(),
    assignBy: z.enum(['direct', 'group']).nullable(),
    requestedBy: z.string(),
    requestedAt: z.string(),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    note: z.string().nullable().describe('Why it ended as it did, where no step tells'),
    steps: z.array(UserStepSchema).describe('Kept for the last transitions of a user'),
    before: BothSidesSchema.nullable(),
    after: BothSidesSchema.nullable(),
    proof: OffboardingProofSchema.nullable(),
  })
  .meta({ id: 'Transition' });

const UserStateSchema = z.enum(['idle', 'planned', 'running', 'waiting', 'gate', 'stopped']).meta({ id: 'UserState' });

const Links = z.object({
  self: z.string(),
  temporal: z.string().nullable().describe("The user's workflow in the Temporal UI"),
});

/** What GET tells of a user. */
export interface UserAnswer extends Omit<UserRecord, 'accepted' | 'transitions'> {
  readonly transitions: readonly TransitionReport[];
  readonly links: z.output<typeof Links>;
}

export const UserAnswerSchema: z.ZodType<UserAnswer> = z
  .object({
    federationId: z.string(),
    login: z.string(),
    state: UserStateSchema,
    movedTo: z.string().nullable().describe('The login under which this user goes on after it was changed'),
    transitions: z.array(TransitionSchema).describe('Oldest first'),
    updatedAt: z.string(),
    links: Links,
  })
  .meta({ id: 'UserRecord' });

/** Answer 202, or 200 where the end was waited for. */
export const TransitionAcceptedSchema = z
  .object({
    transition: TransitionSchema,
    started: z.boolean().describe('False if the same command had already started or planned it'),
    links: Links,
  })
  .meta({ id: 'TransitionAccepted' });

export const UserListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  pageToken: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the nextPageToken of the page before')
    .optional(),
  state: UserStateSchema.optional(),
  transition: z.enum(transitionKinds).optional(),
});

/** One page of GET …/users: users whose workflow is open or was closed within the retention of the namespace. */
export const UserListSchema = z
  .object({
    users: z.array(
      z.object({
        login: z.string(),
        state: UserStateSchema,
        transition: z.string(),
        links: z.object({ self: z.string() }),
      }),
    ),
    nextPageToken: z.string().nullable(),
  })
  .meta({ id: 'UserList' });
export type UserList = z.output<typeof UserListSchema>;

/** Headers of a command that may be waited for. */
export const waitHeaders = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .describe('A new random value per command. The same command sent again with it does nothing twice'),
  prefer: z
    .string()
    .optional()
    .describe(
      `\`wait=N\` (RFC 7240): answer when the transition has ended, after ${longestWaitSeconds} seconds at most`,
    ),
});

/** The seconds of `Prefer: wait=N`; 0 where nothing is said. */
export function waitSeconds(prefer: string | undefined): number {
  const found = /(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])/i.exec(prefer ?? '')?.[1];
  return Math.min(longestWaitSeconds, Number(found ?? 0));
}
