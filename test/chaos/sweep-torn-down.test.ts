import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wideOpen } from '../world/sweeps.js';
import { enforce, SweptFederation } from '../world/swept-federation.js';

/** Others, of whom none is to go. */
const members = 20;

let swept: SweptFederation;

beforeAll(async () => {
  swept = await SweptFederation.of(members);
});
afterAll(() => swept.stop());

const asking = { ...enforce, limits: { fuse: { ...wideOpen, users: 1 } } };

describe('a federation that somebody tears down by hand', () => {
  /** Takes something out of an org until the sweep has ended. */
  function without(what: 'org2orgApp' | 'identityProvider' | 'accessGroup' | 'assignments'): () => void {
    const { idp, sp } = swept.at.world.sandbox;
    const taken = <Item extends { readonly id: string }>(
      from: { get(id: string): Item | undefined; delete(id: string): boolean; add(item: Item): Item },
      id: string,
    ) => {
      const item = from.get(id);
      if (item === undefined) throw new Error(`there is no ${what}`);
      from.delete(id);
      return () => void from.add(item);
    };
    if (what === 'org2orgApp') return taken(idp.org.apps, swept.people.known('org2orgAppId'));
    if (what === 'identityProvider') return taken(sp.org.identityProviders, swept.people.known('identityProviderId'));
    if (what === 'accessGroup') return taken(sp.org.groups, swept.people.known('accessGroupId'));
    const held = idp.org.appUsers.get(swept.people.known('org2orgAppId'));
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
      const ended = await swept.meets(async () => {
        const back = without(what);
        const sweep = await swept.sweeps.carryOut(enforce);
        back();
        return sweep;
      });
      expect(ended).toMatchObject({ state: 'incomplete', actions: { listed: 0 } });
    },
  );

  it('before the sweep, the app: ends as incomplete for users who are named, too', async () => {
    const ended = await swept.meets(async () => {
      const back = without('org2orgApp');
      const sweep = await swept.sweeps.carryOut({
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
      const leaver = await swept.people.someone(`leaver-${what.toLowerCase()}`, 'unassigned');
      const returns = await swept.people.someone(`returns-${what.toLowerCase()}`, 'unassigned');
      const { id, state, listDigest } = await swept.sweeps.carryOut(asking);
      expect(state).toBe('gate');
      await swept.people.assign(returns);
      const before = swept.at.everybodyBut(leaver);
      const putBack = without(what);
      await swept.sweeps.decide(id, 'approve', listDigest);
      await swept.sweeps.settled(id);
      putBack();
      expect(swept.at.everybodyBut(leaver)).toEqual(before);
      expect(await swept.sweeps.carryOut(enforce)).toMatchObject({ state: 'done', actions: { failed: 0 } });
      expect(swept.at.held(leaver).sp?.status).toBe('DEPROVISIONED');
      expect(swept.at.everybodyBut(leaver)).toEqual(before);
    },
  );
});

describe('a ledger that is lost', () => {
  async function lose(): Promise<void> {
    for (const table of ['findings', 'sweeps', 'suspensions', 'sweep_entries', 'sweep_pages'] as const) {
      await swept.at.world.ledger.ask((database) => database.deleteFrom(table).execute());
    }
  }

  it.each([
    ['while it reads', 'idp', 'listApplicationUsers', 1],
    ['while it looks up', 'idp', 'listUsers', 0],
    ['while it acts', 'sp', 'revokeUserSessions', 0],
  ] as const)('%s: the sweep reads again, and asks anew', async (_when, org, operation, skip) => {
    const ended = await swept.meets(async () => {
      const slow = swept.fault(org, operation, { kind: 'slow', delayMs: 3_000, skip });
      const { id } = await swept.sweeps.start(enforce);
      await expect.poll(() => slow.hits, { timeout: 60_000 }).toBe(1);
      await lose();
      const sweep = await swept.sweeps.settled(id, ({ state }) => state === 'gate');
      if (sweep.state === 'gate') await swept.sweeps.decide(id, 'reject', sweep.listDigest);
      await swept.sweeps.settled(id);
      await swept.sweeps.carryOut({ mode: 'report' });
      return swept.sweeps.get(id);
    });
    expect(['done', 'rejected']).toContain(ended.state);
  });
});
