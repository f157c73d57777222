import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { assessAndApply } from './resource-step.js';

/** Guide, step 5: puts everyone who is provisioned into the group that gives the target app, page by page. */
export async function accessMembers(operation: Operation, pages: readonly (readonly string[])[]): Promise<void> {
  const org = operation.input.orgs.sp.name;
  for (const userIds of pages) {
    await assessAndApply(operation, {
      step: 'accessGroup',
      resource: 'accessGroup',
      org,
      assess: (input) =>
        callOrg(
          org,
          'assessAccessMembers',
          `Step 5 · look: ${userIds.length} users in the access group`,
          input,
          userIds,
        ),
      apply: (input, agreed) =>
        callOrg(org, 'applyAccessMembers', 'Step 5 · do: add users to the access group', input, userIds, agreed),
    });
  }
}
