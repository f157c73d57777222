import type { Change, Decision, ResourceInput } from './assessment.js';
import { decision } from './changes.js';
import { type Problem, problem } from './errors.js';

/** Who shall get the Org2Org app, and who has it. */
export interface SeenAssignments {
  /** Per group of the specification, in its order: its id, null if the org has no such group. */
  readonly groups: readonly { readonly name: string; readonly id: string | null; readonly assigned: boolean }[];
  /** Per user of the specification, in its order: the id, null if the org has no such user. Logins stay out of evidence. */
  readonly users: readonly { readonly position: number; readonly id: string | null; readonly assigned: boolean }[];
}

/** Decides which groups and users must be assigned to the Org2Org app: guide, step 5. Never unassigns anyone. */
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
    if (group.id === null) blockers.push(problem('O2O_GROUP_MISSING', { org, group: group.name }));
    else if (!group.assigned) assign('assignGroup', `Assign the group ${group.name}`, group.id);
  }
  for (const user of seen.users) {
    if (user.id === null) blockers.push(problem('O2O_USER_MISSING', { org, position: user.position }));
    else if (!user.assigned) assign('assignUser', `Assign the user ${user.id}`, user.id);
  }
  return decision({
    id: input.known.org2orgAppId ?? null,
    observed: {
      groups: seen.groups.filter((group) => group.assigned).map((group) => group.name),
      users: seen.users.filter((user) => user.assigned).length,
    },
    changes,
    blockers,
    explanation:
      changes.length === 0 && blockers.length === 0
        ? 'Everyone who is named is assigned.'
        : 'Not everyone who is named is assigned.',
  });
}
