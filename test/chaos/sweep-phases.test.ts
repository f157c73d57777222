import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enforce, SweptFederation } from '../world/swept-federation.js';
import { takingRules } from '../world/swept-people.js';
import { pairsOf } from '../world/write-faults.js';

/** Users enough for three pages of assignments. */
const members = 1_100;

let swept: SweptFederation;

beforeAll(async () => {
  swept = await SweptFederation.of(members);
});
afterAll(() => swept.stop());

describe('a list of several pages', () => {
  it.each([
    ['ends early, before half of it', { kind: 'endEarly', count: 2 }, 'incomplete'],
    ['ends early, after most of it', { kind: 'endEarly', skip: 1, count: 20 }, 'done'],
    ['has an empty page in the middle', { kind: 'emptyPage', skip: 1, count: 1 }, 'incomplete'],
    [
      'is refused from its second page on',
      { kind: 'status', status: 403, errorCode: 'E0000006', skip: 1, count: null },
      'incomplete',
    ],
    ['is cut off in its second page once', { kind: 'truncatedJson', skip: 1 }, 'done'],
    ['is answered with 500 in its third page once', { kind: 'status', status: 500, skip: 2 }, 'done'],
  ])('%s: whoever is not seen is not taken', async (_what, broken, state) => {
    const ended = await swept.meets(() => {
      swept.fault('idp', 'listApplicationUsers', broken);
      return swept.sweeps.carryOut(enforce);
    });
    expect(ended).toMatchObject({ state, actions: { failed: 0 } });
  });
});

describe('another list', () => {
  it.each([
    ['listGroupUsers', { kind: 'endEarly', count: 2 }],
    ['listGroupUsers', { kind: 'emptyPage', count: 20 }],
    ['listIdentityProviderApplicationUsers', { kind: 'endEarly', count: 2 }],
    ['listIdentityProviderApplicationUsers', { kind: 'emptyPage', skip: 1, count: 1 }],
    ['listIdentityProviderApplicationUsers', { kind: 'emptyPage', count: 20 }],
  ])('%s, with the fault %j: whoever is not seen is not taken', async (operation, broken) => {
    const ended = await swept.meets(() => {
      swept.fault('sp', operation, broken);
      return swept.sweeps.carryOut(enforce);
    });
    expect(['done', 'incomplete']).toContain(ended.state);
    expect(ended.actions.failed).toBe(0);
  });

  it('of the administrators, empty for a while: is not trusted, and one of them who lost the app stays', async () => {
    await swept.people.someone('chief', 'administrator');
    const ended = await swept.meets(() => {
      swept.fault('sp', 'listUsersWithRoleAssignments', { kind: 'emptyPage', count: 20 });
      return swept.sweeps.carryOut(enforce);
    });
    expect(ended).toMatchObject({ state: 'incomplete', actions: { listed: 0, done: 0 } });
  });

  it('of look-ups, empty for a while: nobody is taken for missing whom the fresh look finds', async () => {
    const rules = { ...takingRules, unassigned: 'report' };
    const ended = await swept.meets(() => {
      swept.fault('idp', 'listUsers', { kind: 'emptyPage', count: 20 });
      return swept.sweeps.carryOut({ ...enforce, rules });
    });
    expect(ended).toMatchObject({ state: 'done', actions: { done: 0, failed: 0 } });
  });
});

describe('a fault', () => {
  const refused = { kind: 'status', status: 403, errorCode: 'E0000006', count: null };
  const calls = [
    ['lookup', 'idp', 'listUsers'],
    ['lookup', 'sp', 'listUsers'],
    ['fresh look', 'idp', 'getUser'],
    ['fresh look', 'idp', 'getApplicationUser'],
    ['fresh look', 'sp', 'getUser'],
    ['fresh look', 'sp', 'listAssignedRolesForUser'],
    ['act', 'sp', 'revokeUserSessions'],
    ['act and read-back', 'sp', 'deactivateUser'],
  ] as const;
  const faults = [
    { name: 'fails twice', broken: { kind: 'status', status: 500, count: 2 } },
    { name: 'is carried out, but not answered', broken: { kind: 'resetAfter' } },
    { name: 'is cut off once', broken: { kind: 'truncatedJson' } },
    { name: 'is empty once', broken: { kind: 'emptyPage' } },
    { name: 'is refused from the second time on', broken: { ...refused, skip: 1 } },
    { name: 'is refused', broken: refused },
  ];
  const cases = pairsOf(calls, faults)
    .map(({ first: [phase, org, operation], second }) => ({ phase, org, operation, ...second }))
    .filter(({ operation, name }) => operation.startsWith('list') || name !== 'is empty once');

  it.each(cases)('$org $operation ($phase) $name: takes nobody else, and the leaver in the end', async (one) => {
    const ended = await swept.meets(() => {
      swept.fault(one.org, one.operation, one.broken);
      return swept.sweeps.carryOut(enforce);
    });
    expect(['done', 'incomplete', 'stopped']).toContain(ended.state);
  });
});
