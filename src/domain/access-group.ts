import type { Candidate, Change, Decision, ResourceInput } from './assessment.js';
import { decision, later } from './changes.js';

/** The group of the SP org that gives the federation's users the target app. */
export interface SeenAccessGroup {
  /** Groups of that exact name. */
  readonly groups: readonly { readonly id: string; readonly name: string; readonly type: string }[];
  /** Whether the single group is assigned to the target app. */
  readonly assigned: boolean;
}

/** Decides what access to the target app needs: guide, step 5, the second of the two assignments. */
export function decideAccessGroup(input: ResourceInput, seen: SeenAccessGroup): Decision {
  const org = input.orgs.sp.name;
  const { group: name } = input.spec.access;
  if (seen.groups.length > 1) {
    return decision({
      candidates: seen.groups.map(
        (group): Candidate => ({ id: group.id, label: group.name, facts: { type: group.type } }),
      ),
      explanation: `${seen.groups.length} groups in ${org} are called ${name}: a person must say which.`,
    });
  }
  const group = seen.groups[0] ?? null;
  const changes: Change[] = [];
  if (group === null) {
    changes.push({
      org,
      resource: 'accessGroup',
      write: 'create',
      summary: `Create the group ${name}`,
      fields: [{ field: 'profile.name', before: null, after: name }],
      reversible: true,
    });
  }
  if (!seen.assigned) {
    changes.push({
      org,
      resource: 'accessGroup',
      write: 'assign',
      summary: `Assign the group ${name} to the target app`,
      fields: [{ field: 'apps', before: null, after: later(input.known.targetAppId, 'targetApp') }],
      reversible: true,
    });
  }
  return decision({
    id: group?.id ?? null,
    observed: group === null ? null : { name: group.name, assigned: seen.assigned },
    changes,
    known: group === null ? {} : { accessGroupId: group.id },
    explanation:
      changes.length === 0
        ? `Members of ${name} get the target app.`
        : `Nobody gets the target app through ${name} yet.`,
  });
}
