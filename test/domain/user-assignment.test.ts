import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideAssignment,
  decideUnassignment,
  pushState,
  type SeenGivingGroup,
  sortGivingGroups,
} from '../../src/domain/user-assignment.js';
import { assignment, federation, userInput } from './user-input.js';

describe('how a user gets the Org2Org app', () => {
  it('is directly', () => {
    expect(decideAssignment(userInput(), null).changes).toMatchObject([
      {
        org: 'acme',
        resource: 'assignment',
        write: 'assign',
        fields: [{ field: 'scope', before: null, after: 'USER' }],
      },
    ]);
  });

  it('is by the first group of the specification', () => {
    expect(decideAssignment(userInput({ assignBy: 'group' }), null).changes).toMatchObject([
      { write: 'addToGroup', fields: [{ field: 'group', before: null, after: 'Partner users' }] },
    ]);
  });

  it('is directly where the specification has no group', () => {
    const input = userInput({ assignBy: 'group', federation: { ...federation, assignmentGroups: [] } });
    expect(decideAssignment(input, null).changes).toMatchObject([{ write: 'assign' }]);
  });

  it.each(['USER', 'GROUP'])('is not changed for a user who has it (%s), whatever is asked for', (scope) => {
    for (const assignBy of ['direct', 'group'] as const) {
      expect(decideAssignment(userInput({ assignBy }), assignment({ scope })).changes).toEqual([]);
    }
  });
});

describe('groups that give a leaver the Org2Org app', () => {
  const anyGroup: fc.Arbitrary<SeenGivingGroup> = fc.record({
    id: fc.uuid(),
    name: fc.constantFrom('Partner users', 'More users', 'Everyone', 'Engineering', 'partner users'),
    type: fc.constantFrom('OKTA_GROUP', 'APP_GROUP', 'BUILT_IN'),
  });

  it("are the federation's only by the exact name and as groups of Okta itself; every other one is named", () => {
    fc.assert(
      fc.property(fc.array(anyGroup), (groups) => {
        const { ours, others } = sortGivingGroups(userInput(), groups);
        expect(ours).toEqual(
          groups.filter(({ name, type }) => type === 'OKTA_GROUP' && ['Partner users', 'More users'].includes(name)),
        );
        expect([...ours, ...others].toSorted(byId)).toEqual(groups.toSorted(byId));
      }),
    );
  });
});

function byId(a: SeenGivingGroup, b: SeenGivingGroup): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

describe('what the removal of an assignment would change', () => {
  it.each([
    ['USER', 'unassign'],
    ['GROUP', 'removeFromGroup'],
  ])('%s: %s', (scope, write) => {
    expect(decideUnassignment(userInput({ kind: 'offboard' }), assignment({ scope })).changes).toMatchObject([
      { org: 'acme', resource: 'assignment', write, fields: [{ field: 'scope', before: scope, after: null }] },
    ]);
  });

  it('is nothing without an assignment', () => {
    expect(decideUnassignment(userInput({ kind: 'offboard' }), null).changes).toEqual([]);
  });
});

it.each([
  [{}, 'provisioned'],
  [{ syncState: 'ERROR' }, 'failed'],
  [{ externalId: null, status: 'STAGED' }, 'queued'],
  [{ externalId: null, status: 'ACTIVE', syncState: 'DISABLED' }, 'notProvisioned'],
])('an assignment with %j is %s', (given, expected) => {
  expect(pushState(assignment(given))).toBe(expected);
});
