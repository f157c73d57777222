import { decideAccessMembers } from '../domain/access-members.js';
import type { Change, ResourceInput } from '../domain/assessment.js';
import { Org2OrgError } from '../domain/errors.js';
import { assignUserToGroup, listGroupUsers } from '../okta/groups.js';
import type { OktaSession } from '../okta/session.js';
import type { Resource } from './resource.js';

function groupId(input: ResourceInput): string {
  const id = input.known.accessGroupId;
  if (id === undefined) throw new Org2OrgError('O2O_INTERNAL');
  return id;
}

/** Membership of the federation's users in the access group. */
export function accessMembers(spUserIds: readonly string[]): Resource<readonly string[]> {
  return {
    name: 'accessGroup',
    side: 'sp',

    async observe(session: OktaSession, input: ResourceInput) {
      const members = new Set((await listGroupUsers(session, groupId(input))).map((user) => user.id));
      return spUserIds.filter((id) => !members.has(id));
    },

    decide: (input, missing) => decideAccessMembers(input, missing, spUserIds.length),

    async write(session: OktaSession, input: ResourceInput, missing: readonly string[], _change: Change) {
      for (const id of missing) await assignUserToGroup(session, groupId(input), id);
      return {};
    },
  };
}
