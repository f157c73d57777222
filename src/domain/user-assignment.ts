import type { UserDecision } from './idp-user.js';
import { type ProvisioningState, provisioningState } from './provisioned-users.js';
import type { AssignmentView, UserChange, UserInput } from './user-lifecycle.js';

/** Decides how a user gets the Org2Org app. Whoever has it keeps it the way it came. */
export function decideAssignment({ federation, assignBy }: UserInput, assignment: AssignmentView | null): UserDecision {
  const org = federation.orgs.idp.name;
  if (assignment !== null) {
    const how = assignment.scope === 'GROUP' ? 'through a group' : 'directly';
    return { decided: `The user has the Org2Org app ${how}.`, changes: [], blocker: null };
  }
  const group = federation.assignmentGroups[0];
  const byGroup = assignBy === 'group' && group !== undefined;
  const change: UserChange = {
    org,
    resource: 'assignment',
    write: byGroup ? 'addToGroup' : 'assign',
    summary: byGroup ? `Add the user to the group ${group}` : 'Assign the user to the Org2Org app',
    fields: [{ field: byGroup ? 'group' : 'scope', before: null, after: byGroup ? group : 'USER' }],
    reversible: true,
  };
  return { decided: 'The user does not have the Org2Org app.', changes: [change], blocker: null };
}

/** A group of the IdP org that gives the user the Org2Org app. */
export interface SeenGivingGroup {
  readonly id: string;
  readonly name: string;
  /** `OKTA_GROUP`, `APP_GROUP` or `BUILT_IN`. */
  readonly type: string;
}

/** From which groups the federation takes a leaver, and which ones a person must see to. */
export function sortGivingGroups(
  { federation }: UserInput,
  groups: readonly SeenGivingGroup[],
): { readonly ours: readonly SeenGivingGroup[]; readonly others: readonly SeenGivingGroup[] } {
  const ours = groups.filter(({ name, type }) => type === 'OKTA_GROUP' && federation.assignmentGroups.includes(name));
  return { ours, others: groups.filter((group) => !ours.includes(group)) };
}

/** What the removal of a user's assignment would change. */
export function decideUnassignment(input: UserInput, assignment: AssignmentView | null): UserDecision {
  if (assignment === null) return { decided: 'The user does not have the Org2Org app.', changes: [], blocker: null };
  const direct = assignment.scope !== 'GROUP';
  const change: UserChange = {
    org: input.federation.orgs.idp.name,
    resource: 'assignment',
    write: direct ? 'unassign' : 'removeFromGroup',
    summary: direct ? 'Take the direct assignment away' : 'Take the user out of the groups that give the Org2Org app',
    fields: [{ field: 'scope', before: assignment.scope, after: null }],
    reversible: true,
  };
  return {
    decided: `The user has the Org2Org app ${direct ? 'directly' : 'through a group'}.`,
    changes: [change],
    blocker: null,
  };
}

/** How far Okta's push of the user is. */
export function pushState(assignment: AssignmentView): ProvisioningState {
  return provisioningState({ id: '', ...assignment });
}
