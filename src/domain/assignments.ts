import type { Change, Decision, ResourceInput } from './assessment.js';
import { type AssignedGroup, groupsBeyond } from './assigned-groups.js';
import { decision, differences } from './changes.js';
import { type Problem, problem } from './errors.js';

/** A group of the specification as the IdP org shows it. */
export interface SeenGroup {
  readonly name: string;
  /** Null if the org has no such group, or several and nothing tells which is meant. */
  readonly id: string | null;
  /** How many groups have that name: directories and apps bring their own. */
  readonly sameName: number;
  readonly assigned: boolean;
  /** What the assignment says of the status in which a user arrives in the SP org; absent where it says nothing. */
  readonly initialStatus?: string;
}

/** Makes a pushed user active in the SP org at once, with a password that nobody knows: federation signs them in. */
export const initialStatus = { initialStatus: 'active_with_pass' } as const;

/** Who shall get the Org2Org app, and who has it. */
export interface SeenAssignments {
  /** Per group of the specification, in its order. */
  readonly groups: readonly SeenGroup[];
  /** Per user of the specification, in its order: the id, null if the org has no such user. Logins stay out of evidence. */
  readonly users: readonly SeenUser[];
  /** Every group that has the app. */
  readonly all?: readonly AssignedGroup[];
}

/** A user of the specification as the IdP org shows it. */
export interface SeenUser {
  readonly position: number;
  readonly id: string | null;
  readonly assigned: boolean;
  /** Whether the app has the user under the login; absent unless the user is assigned directly. */
  readonly underLogin?: boolean;
  /** As of a group. */
  readonly initialStatus?: string;
}

/** What corrects the assignment of a user, a write for each: Okta takes them one by one. Names of users stay out of it. */
function userCorrections(org: string, { id, underLogin, initialStatus: status }: SeenUser): Change[] {
  const correction = (write: string, field: string, before: string | undefined, after: string): Change[] =>
    differences([[field, before ?? after, after]]).map((difference) => ({
      org,
      resource: 'assignments',
      write,
      summary: `Correct ${field} of the user ${id}`,
      fields: [{ field: 'assigned', before: id, after: id }, difference],
      reversible: true,
    }));
  const named = underLogin === false ? 'another name' : 'the login';
  return [
    ...correction('correctName', 'credentials.userName', named, 'the login'),
    ...correction('correctStatus', 'profile.initialStatus', status, initialStatus.initialStatus),
  ];
}

/**
 * Decides which groups and users must be assigned to the Org2Org app: guide, step 5. Never unassigns anyone: a group that
 * nobody agreed to is told, and a person decides.
 */
export function decideAssignments(input: ResourceInput, seen: SeenAssignments): Decision {
  const org = input.orgs.idp.name;
  const blockers: Problem[] = [];
  const changes: Change[] = [];
  const assign = (write: string, summary: string, id: string) =>
    changes.push({
      org,
      resource: 'assignments',
      write,
      summary,
      fields: [{ field: 'assigned', before: null, after: id }],
      reversible: true,
    });
  for (const group of seen.groups) {
    if (group.id === null && group.sameName > 0) {
      blockers.push(problem('O2O_GROUP_AMBIGUOUS', { org, group: group.name, count: group.sameName }));
    } else if (group.id === null) blockers.push(problem('O2O_GROUP_MISSING', { org, group: group.name }));
    else if (!group.assigned) assign('assignGroup', `Assign the group ${group.name}`, group.id);
    else if (group.initialStatus !== undefined && group.initialStatus !== initialStatus.initialStatus)
      changes.push({
        org,
        resource: 'assignments',
        write: 'assignGroup',
        summary: `Users of the group ${group.name} arrive as active`,
        fields: [
          { field: 'assigned', before: group.id, after: group.id },
          { field: 'profile.initialStatus', before: group.initialStatus, after: initialStatus.initialStatus },
        ],
        reversible: true,
      });
  }
  for (const user of seen.users) {
    if (user.id === null) blockers.push(problem('O2O_USER_MISSING', { org, position: user.position }));
    else if (!user.assigned) assign('assignUser', `Assign the user ${user.id}`, user.id);
    else changes.push(...userCorrections(org, user));
  }
  const named = seen.groups.map(({ id }) => id);
  return decision({
    id: input.known.org2orgAppId ?? null,
    observed: {
      groups: seen.groups.filter((group) => group.assigned).map((group) => group.name),
      users: seen.users.filter((user) => user.assigned).length,
    },
    changes,
    surplus: groupsBeyond(seen.all ?? [], named),
    blockers,
    explanation:
      changes.length === 0 && blockers.length === 0
        ? 'Everyone who is named is assigned.'
        : 'Not everyone who is named is assigned.',
  });
}
