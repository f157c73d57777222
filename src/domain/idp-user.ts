import { type Problem, problem } from './errors.js';
import type { AssignmentView, TransitionKind, UserChange, UserInput, UserView } from './user-lifecycle.js';

/** What the IdP org shows of a user and of the connection that pushes the user. */
export interface SeenIdpUser {
  readonly user: UserView | null;
  readonly assignment: AssignmentView | null;
  /** Status of the Org2Org app's provisioning connection. */
  readonly connectionStatus: string;
}

/** What a decision about a user says. */
export interface UserDecision {
  readonly decided: string;
  readonly changes: readonly UserChange[];
  readonly blocker: Problem | null;
}

/** Statuses in which nobody can be brought into the SP org. */
const absentStatuses: readonly string[] = ['STAGED', 'SUSPENDED', 'DEPROVISIONED'];

/** Transitions that Okta's push carries into the SP org; the others act there directly. */
const pushed: readonly TransitionKind[] = ['onboard', 'update', 'reactivate'];

/** Attributes without which Okta creates no user. */
const required = ['firstName', 'lastName', 'email'] as const;

function blocked(blocker: Problem): UserDecision {
  return { decided: blocker.message, changes: [], blocker };
}

/** Whether the user in the IdP org and the connection allow the transition, and whether the user must be created. */
export function decideIdpUser(input: UserInput, seen: SeenIdpUser): UserDecision {
  const { kind, federation } = input;
  const org = federation.orgs.idp.name;
  const { user, assignment } = seen;
  if (pushed.includes(kind)) {
    if (seen.connectionStatus !== 'ENABLED') {
      return blocked(problem('O2O_CONNECTION_OFF', { org, status: seen.connectionStatus }));
    }
    if (kind === 'update' && !federation.features.update) {
      return blocked(problem('O2O_FEATURE_OFF', { feature: 'update' }));
    }
    if (kind !== 'update' && !federation.features.create && assignment?.externalId == null) {
      return blocked(problem('O2O_FEATURE_OFF', { feature: 'create' }));
    }
  }
  if (user === null) return missing(input, org);
  if (kind !== 'offboard' && kind !== 'suspend' && absentStatuses.includes(user.status)) {
    return blocked(problem('O2O_IDP_USER_NOT_ACTIVE', { org, status: user.status }));
  }
  const assigned =
    assignment === null
      ? 'not assigned to the Org2Org app'
      : `assigned ${assignment.scope === 'GROUP' ? 'through a group' : 'directly'}`;
  return { decided: `The user is ${user.status} in ${org} and ${assigned}.`, changes: [], blocker: null };
}

function missing({ kind, profile }: UserInput, org: string): UserDecision {
  if (kind === 'offboard' || kind === 'suspend') {
    return { decided: `${org} has no user with this login any more.`, changes: [], blocker: null };
  }
  if (kind !== 'onboard' || profile === null) return blocked(problem('O2O_IDP_USER_MISSING', { org }));
  const lacking = required.filter((name) => typeof profile[name] !== 'string');
  if (lacking.length > 0) {
    return blocked(problem('O2O_PROFILE_INCOMPLETE', { org, missing: lacking.join(', ') }));
  }
  return {
    decided: `${org} has no user with this login, and a profile was sent.`,
    changes: [
      {
        org,
        resource: 'idpUser',
        write: 'create',
        summary: 'Create the user in the IdP org',
        fields: Object.entries(profile).map(([field, after]) => ({ field: `profile.${field}`, before: null, after })),
        reversible: true,
      },
    ],
    blocker: null,
  };
}

/** The attributes that an update changes, as the IdP org shows them now. */
export function decideProfile(input: UserInput, user: UserView): UserDecision {
  const org = input.federation.orgs.idp.name;
  const fields = Object.entries(input.profile ?? {})
    .map(([field, after]) => {
      const before = field === 'login' ? user.login : (user.profile[field] ?? null);
      return { field: `profile.${field}`, before, after };
    })
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
  return {
    decided: fields.length === 0 ? 'The profile is as asked for.' : `${fields.length} attribute(s) differ.`,
    changes:
      fields.length === 0
        ? []
        : [
            {
              org,
              resource: 'idpUser',
              write: 'update',
              summary: `Change ${fields.map(({ field }) => field.slice('profile.'.length)).join(', ')}`,
              fields,
              reversible: true,
            },
          ],
    blocker: null,
  };
}
