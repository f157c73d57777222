import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { Seed, seed } from '../../sandbox/control/seed.js';
import type { SweepRecord } from '../../src/domain/sweep.js';
import { FederatedWorld } from '../world/federated-world.js';
import { WorldSweeps, wideOpen } from '../world/sweeps.js';
import { SweptPeople } from '../world/swept-people.js';

/** Others, of whom none is to go. */
const members = 20;

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
const asking = { ...enforce, limits: { fuse: { ...wideOpen, users: 1 } } };

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

describe('a federation that somebody tears down by hand', () => {
  /** Takes something out of an org until the sweep has ended. */
  function without(what: 'org2orgApp' | 'identityProvider' | 'accessGroup' | 'assignments'): () => void {
    const { idp, sp } = at.world.sandbox;
    const taken = <Item extends { readonly id: string }>(
      from: { get(id: string): Item | undefined; delete(id: string): boolean; add(item: Item): Item },
      id: string,
    ) => {
      const item = from.get(id);
      if (item === undefined) throw new Error(`there is no ${what}`);
      from.delete(id);
      return () => void from.add(item);
    };
    if (what === 'org2orgApp') return taken(idp.org.apps, people.known('org2orgAppId'));
    if (what === 'identityProvider') return taken(sp.org.identityProviders, people.known('identityProviderId'));
    if (what === 'accessGroup') return taken(sp.org.groups, people.known('accessGroupId'));
    const held = idp.org.appUsers.get(people.known('org2orgAppId'));
    if (held === undefined) throw new Error('nobody is assigned');
    const backs = held
      .all()
      .map(({ id }) => id)
      .map((id) => taken(held, id));
    return () => {
      for (const back of backs) back();
    };
  }

  it.each(['org2orgApp', 'identityProvider', 'accessGroup', 'assignments'] as const)(
    'before the sweep, the %s: ends as incomplete, for everyone',
    async (what) => {
      const ended = await meets(async () => {
        const back = without(what);
        const sweep = await sweeps.carryOut(enforce);
        back();
        return sweep;
      });
      expect(ended).toMatchObject({ state: 'incomplete', actions: { listed: 0 } });
    },
  );

  it('before the sweep, the app: ends as incomplete for users who are named, too', async () => {
    const ended = await meets(async () => {
      const back = without('org2orgApp');
      const sweep = await sweeps.carryOut({
        ...enforce,
        scope: { users: ['member1@idp.example', 'member2@idp.example'] },
      });
      back();
      return sweep;
    });
    expect(ended).toMatchObject({ state: 'incomplete', actions: { listed: 0 } });
  });

  it.each(['org2orgApp', 'identityProvider', 'accessGroup'] as const)(
    'between list and approval, the %s: takes nobody whose right has come back, and the leaver in the end',
    async (what) => {
      const leaver = await people.someone(`leaver-${what.toLowerCase()}`, 'unassigned');
      const returns = await people.someone(`returns-${what.toLowerCase()}`, 'unassigned');
      const { id, state, listDigest } = await sweeps.carryOut(asking);
      expect(state).toBe('gate');
      await people.assign(returns);
      const before = at.everybodyBut(leaver);
      const putBack = without(what);
      await sweeps.decide(id, 'approve', listDigest);
      await sweeps.settled(id);
      putBack();
      expect(at.everybodyBut(leaver)).toEqual(before);
      expect(await sweeps.carryOut(enforce)).toMatchObject({ state: 'done', actions: { failed: 0 } });
      expect(at.held(leaver).sp?.status).toBe('DEPROVISIONED');
      expect(at.everybodyBut(leaver)).toEqual(before);
    },
  );
});

describe('a ledger that is lost', () => {
  async function lose(): Promise<void> {
    for (const table of ['findings', 'sweeps', 'suspensions', 'sweep_entries', 'sweep_pages'] as const) {
      await at.world.ledger.ask((database) => database.deleteFrom(table).execute());
    }
  }

  it.each([
    ['while it reads', 'idp', 'listApplicationUsers', 1],
    ['while it looks up', 'idp', 'listUsers', 0],
    ['while it acts', 'sp', 'revokeUserSessions', 0],
  ] as const)('%s: the sweep reads again, and asks anew', async (_when, org, operation, skip) => {
    const ended = await meets(async () => {
      const slow = fault(org, operation, { kind: 'slow', delayMs: 3_000, skip });
      const { id } = await sweeps.start(enforce);
      await expect.poll(() => slow.hits, { timeout: 60_000 }).toBe(1);
      await lose();
      const sweep = await sweeps.settled(id, ({ state }) => state === 'gate');
      if (sweep.state === 'gate') await sweeps.decide(id, 'reject', sweep.listDigest);
      await sweeps.settled(id);
      await sweeps.carryOut({ mode: 'report' });
      return sweeps.get(id);
    });
    expect(['done', 'rejected']).toContain(ended.state);
  });
});
