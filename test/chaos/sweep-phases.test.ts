import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { Seed, seed } from '../../sandbox/control/seed.js';
import type { SweepRecord } from '../../src/domain/sweep.js';
import { FederatedWorld } from '../world/federated-world.js';
import { WorldSweeps, wideOpen } from '../world/sweeps.js';
import { SweptPeople } from '../world/swept-people.js';

/** Users enough for three pages of assignments. */
const members = 1_100;

let at: FederatedWorld;
let people: SweptPeople;
let sweeps: WorldSweeps;

beforeAll(async () => {
  at = await FederatedWorld.start();
  people = await SweptPeople.of(at.world);
  sweeps = new WorldSweeps(at.world);
  const provisionedUsers = { appId: people.known('org2orgAppId'), count: members };
  await seed(at.world.sandbox, Seed.parse({ org: 'idp', provisionedUsers }));
  expect(await sweeps.carryOut({ mode: 'report' })).toMatchObject({ state: 'done', population: members + 2 });
});
afterAll(() => at.stop());

const enforce = { mode: 'enforce', limits: { fuse: wideOpen, inFlight: 20 } };

let leavers = 0;

/** A leaver, a sweep to whom something happens, and a clean one: nobody else is touched, and the leaver is gone. */
async function meets(happens: () => Promise<SweepRecord>): Promise<SweepRecord> {
  leavers += 1;
  const login = await people.someone(`leaver-${leavers}`, 'unassigned');
  const before = at.everybodyBut(login);
  const ended = await happens();
  at.world.sandbox.faults.remove();
  expect(at.everybodyBut(login)).toEqual(before);
  expect(await sweeps.carryOut(enforce)).toMatchObject({ state: 'done', actions: { failed: 0 } });
  expect(at.held(login).sp?.status).toBe('DEPROVISIONED');
  expect(at.everybodyBut(login)).toEqual(before);
  return ended;
}

function fault(org: 'idp' | 'sp', operation: string, what: Record<string, unknown>) {
  return at.world.sandbox.faults.add(FaultRequest.parse({ org, operation, ...what }));
}

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
    const ended = await meets(() => {
      fault('idp', 'listApplicationUsers', broken);
      return sweeps.carryOut(enforce);
    });
    expect(ended).toMatchObject({ state, actions: { failed: 0 } });
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
  const faults: Record<string, Record<string, unknown>> = {
    'fails twice': { kind: 'status', status: 500, count: 2 },
    'is carried out, but not answered': { kind: 'resetAfter' },
    'is cut off once': { kind: 'truncatedJson' },
    'is empty once': { kind: 'emptyPage' },
    'is refused from the second time on': { ...refused, skip: 1 },
    'is refused': refused,
  };
  const cases = calls.flatMap(([phase, org, operation]) =>
    Object.keys(faults)
      .filter((name) => operation.startsWith('list') || name !== 'is empty once')
      .map((name) => ({ phase, org, operation, name })),
  );

  it.each(cases)('$org $operation ($phase) $name: takes nobody else, and the leaver in the end', async (one) => {
    const ended = await meets(() => {
      fault(one.org, one.operation, faults[one.name] ?? {});
      return sweeps.carryOut(enforce);
    });
    expect(['done', 'incomplete', 'stopped']).toContain(ended.state);
  });
});
