import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareMembers, decideGroup, usersInWindow } from '../../src/domain/group-rollout.js';
import type { SeenAppUser } from '../../src/domain/provisioned-users.js';

describe('the group of a rollout', () => {
  it('is the only one that was found, of whatever type', () => {
    const found = [{ id: '00g1', type: 'APP_GROUP' }];
    expect(decideGroup('acme', { name: 'x' }, found)).toEqual({ id: '00g1', type: 'APP_GROUP', blocker: null });
  });

  it.each([
    ['is missing', [], 'O2O_ROLLOUT_GROUP_MISSING'],
    [
      'is ambiguous',
      [
        { id: '00g1', type: 'OKTA_GROUP' },
        { id: '00g2', type: 'APP_GROUP' },
      ],
      'O2O_ROLLOUT_GROUP_AMBIGUOUS',
    ],
  ])('that %s is refused with the reason', (_, found, code) => {
    expect(decideGroup('acme', { name: 'x' }, found)).toMatchObject({ id: null, blocker: { code } });
  });
});

const seen = (id: string, changes: Partial<SeenAppUser> = {}): [string, SeenAppUser] => [
  id,
  { id, status: 'PROVISIONED', scope: 'GROUP', syncState: 'SYNCHRONIZED', externalId: `sp-${id}`, ...changes },
];

describe('members compared with the users of the Org2Org app', () => {
  it('are counted by how far each is', () => {
    const appUsers = new Map([
      seen('a'),
      seen('b', { status: 'STAGED', externalId: null }),
      seen('c', { syncState: 'ERROR' }),
      seen('d', { status: 'ACTIVE', externalId: null }),
      seen('stranger'),
    ]);
    const look = compareMembers(new Set(['a', 'b', 'c', 'd', 'e']), appUsers, { after: null });
    expect(look).toMatchObject({
      members: 5,
      provisioned: 1,
      queued: { count: 1, ids: ['b'] },
      failed: { count: 1, ids: ['c'] },
      notProvisioned: { count: 1, ids: ['d'] },
      unassigned: { count: 1, ids: ['e'] },
      spUserIds: ['sp-a'],
      more: null,
    });
  });

  it('are handed on in windows that hold each provisioned member once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 * usersInWindow + 10 }), (number) => {
        const ids = Array.from({ length: number }, (_, index) => `u${index}`);
        const appUsers = new Map(ids.map((id) => seen(id)));
        const handed: string[] = [];
        let after: string | null = null;
        do {
          const { spUserIds, more }: { spUserIds: readonly string[]; more: string | null } = compareMembers(
            new Set(ids),
            appUsers,
            { after },
          );
          handed.push(...spUserIds);
          after = more;
        } while (after !== null);
        expect(handed.toSorted()).toEqual(ids.map((id) => `sp-${id}`).toSorted());
      }),
      { numRuns: 10 },
    );
  });

  it('have another fingerprint as soon as one of them changes', () => {
    const members = new Set(['a', 'b']);
    const print = (...users: [string, SeenAppUser][]) => compareMembers(members, new Map(users), null).fingerprint;
    const prints = [
      print(seen('a'), seen('b')),
      print(seen('a')),
      print(seen('a'), seen('b', { syncState: 'ERROR' })),
      print(seen('a'), seen('b', { externalId: 'sp-other' })),
    ];
    expect(new Set(prints).size).toBe(prints.length);
    expect(print(seen('b'), seen('a'))).toBe(prints[0]);
  });
});
