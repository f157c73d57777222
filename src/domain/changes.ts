import type {
  Assessment,
  Change,
  Decision,
  FieldChange,
  FieldValue,
  ResourceInput,
  ResourceName,
} from './assessment.js';

/** One field as it is and as it should be. */
export type FieldPair = readonly [field: string, observed: FieldValue | undefined, desired: FieldValue];

/** The fields that differ, in the given order. An absent field counts as null. */
export function differences(pairs: readonly FieldPair[]): FieldChange[] {
  return pairs
    .map(([field, observed, desired]) => ({ field, before: observed ?? null, after: desired }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}

/** The fields of an object that does not exist yet. */
export function initialFields(pairs: readonly FieldPair[]): FieldChange[] {
  return pairs.map(([field, , after]) => ({ field, before: null, after }));
}

/** A value that a step yields later, for plans on orgs where it does not exist yet. */
export function later(value: string | undefined, resource: ResourceName): FieldValue {
  return value ?? { knownAfter: resource };
}

/** Whether the org agrees with the specification. */
export function agrees(assessment: Pick<Assessment, 'changes' | 'blockers' | 'candidates'>): boolean {
  return assessment.changes.length === 0 && assessment.blockers.length === 0 && assessment.candidates.length === 0;
}

function identity(change: Change): string {
  return JSON.stringify([change.org, change.resource, change.write, change.fields]);
}

/**
 * Whether every change of the fresh assessment was already in the agreed one. Fewer changes are fine: an earlier
 * attempt may have been carried out although its answer was lost.
 */
export function coveredBy(
  fresh: Pick<Decision, 'changes' | 'blockers' | 'candidates'>,
  agreed: Pick<Decision, 'changes'>,
): boolean {
  const allowed = new Set(agreed.changes.map(identity));
  return (
    fresh.blockers.length === 0 &&
    fresh.candidates.length === 0 &&
    fresh.changes.every((change) => allowed.has(identity(change)))
  );
}

/** A decision about an object that is as the specification wants it, or that only was looked at. */
export function decision(parts: Partial<Decision> & Pick<Decision, 'explanation'>): Decision {
  const { surplus = [], ...others } = parts;
  return {
    ...{ id: null, observed: null, changes: [], blockers: [], candidates: [], known: {}, ...others },
    ...(surplus.length === 0 ? {} : { surplus }),
  };
}

/** The id that a person chose for a resource, undefined if nobody had to choose or a new one was wanted. */
export function chosenId(input: ResourceInput, resource: ResourceName): string | undefined {
  const choice = input.chosen[resource];
  return choice !== undefined && 'use' in choice ? choice.use : undefined;
}

/** Leaves out the objects beside which a person wanted a new one. */
export function besides<Item extends { readonly id: string }>(
  input: ResourceInput,
  resource: ResourceName,
  items: readonly Item[],
): readonly Item[] {
  const choice = input.chosen[resource];
  if (choice === undefined || !('createBeside' in choice)) return items;
  return items.filter((item) => !choice.createBeside.includes(item.id));
}

/** What brings an object that exists to what was agreed: its fields corrected, then the object activated. */
export function corrections(
  org: string,
  resource: ResourceName,
  object: { readonly label: string; readonly status: string },
  fields: readonly FieldChange[],
): Change[] {
  const changes: Change[] = [];
  if (fields.length > 0) {
    const names = fields.map((field) => field.field).join(', ');
    changes.push({
      org,
      resource,
      write: 'update',
      summary: `Correct ${names} of ${object.label}`,
      fields,
      reversible: true,
    });
  }
  if (object.status !== 'ACTIVE') {
    const activated = [{ field: 'status', before: object.status, after: 'ACTIVE' }];
    changes.push({
      org,
      resource,
      write: 'activate',
      summary: `Activate ${object.label}`,
      fields: activated,
      reversible: true,
    });
  }
  return changes;
}
