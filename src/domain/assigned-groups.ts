import type { FieldChange } from './assessment.js';

/** A group that has an app. */
export interface AssignedGroup {
  readonly id: string;
  readonly name: string;
}

/** The most groups that are told one by one. */
const mostTold = 100;

/** The groups that have an app although nobody agreed to it, each as what differs. Nothing takes one away by itself. */
export function groupsBeyond(
  groups: readonly AssignedGroup[],
  agreed: readonly (string | null | undefined)[],
): readonly FieldChange[] {
  const beyond = groups.filter(({ id }) => !agreed.includes(id));
  const more = beyond.length - mostTold;
  return [
    ...beyond.slice(0, mostTold).map(({ id, name }) => ({ field: `groups.${id}`, before: name, after: null })),
    ...(more > 0 ? [{ field: 'groups.others', before: `${more} more`, after: null }] : []),
  ];
}
