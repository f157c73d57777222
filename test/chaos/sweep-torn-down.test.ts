import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepRecord } from '../../src/domain/sweep.js';
import type { LedgerTables } from '../../src/ledger/tables.js';
import { wideOpen } from '../world/sweeps.js';
import { enforce, SweptFederation } from '../world/swept-federation.js';

/** Others, of whom none is to go. */
const members = 20;

let swept: SweptFederation;

beforeAll(async () => {
  swept = await SweptFederation.of(members);
});
afterAll(() => swept.stop());

const asking = { ...enforce, limits: { fuse: { ...wideOpen, share: 0.001 } } };

const parts = ['org2orgApp', 'identityProvider', 'accessGroup', 'assignments'] as const;
type Part = (typeof parts)[number];

/** Takes something out of an org until the sweep has ended. */
function without(what: Part): () => void {
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

/** Empties tables of the ledger. */
async function lose(...tables: readonly (keyof LedgerTables)[]): Promise<void> {
  for (const table of tables) await swept.at.world.ledger.ask((database) => database.deleteFrom(table).execute());
}

/** What each part is read by, and so what the sweep says about its absence. */
const asked: Readonly<Record<Part, string>> = {
  org2orgApp: 'does not have what listApplicationUsers asked for',
  identityProvider: 'does not have what listIdentityProviderApplicationUsers asked for',
  accessGroup: 'does not have what listGroupUsers asked for',
  assignments: 'assignments is empty although',
};

/** The sweep ended without an action, and says what it could not read. */
function expectIncomplete(ended: SweepRecord, what: Part, attempt: number): void {
  expect(ended).toMatchObject({ state: 'incomplete', attempt, actions: { listed: 0, done: 0 } });
  expect(ended.reasons.join()).toContain(asked[what]);
  const problems = ended.steps.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  expect(problems.map(({ code }) => code)).toEqual(['O2O_SWEEP_INCOMPLETE']);
  expect(problems[0]?.message).toContain(asked[what]);
}

describe('a federation that somebody tears down by hand', () => {
  it.each(parts)(
    'before the sweep, the %s: ends as incomplete, for everyone, and says what is missing',
    async (what) => {
      const ended = await swept.meets(async () => {
        const back = without(what);
        const sweep = await swept.sweeps.carryOut(enforce);
        back();
        return sweep;
      });
      expectIncomplete(ended, what, 1);
    },
  );

  it.each(parts)(
    'before a second attempt, the %s: ends as incomplete, although the first list was approved',
    async (what) => {
      const ended = await swept.meets(async () => {
        const { id, state, listDigest } = await swept.sweeps.carryOut(asking);
        expect(state).toBe('gate');
        await lose('findings', 'sweep_entries', 'sweep_pages');
        const back = without(what);
        await swept.sweeps.decide(id, 'approve', listDigest);
        const sweep = await swept.sweeps.settled(id);
        back();
        return sweep;
      });
      expectIncomplete(ended, what, 2);
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

  /** What the sweep says where the part is gone when its list has been approved; the canary may be either of the two. */
  const atTheGate = {
    org2orgApp: {
      leaver: { outcome: expect.stringMatching(/^(failed|pending)$/) },
      notes: /does not have what get\w+ asked for/,
      sweep: { state: 'stopped', actions: { listed: 2, done: 0, failed: 1, pending: 1 } },
      problems: ['O2O_SWEEP_STOPPED'],
    },
    identityProvider: {
      leaver: { outcome: 'done', note: null },
      notes: /./,
      sweep: { state: 'done', actions: { listed: 2, done: 1, withdrawn: 1, failed: 0 } },
      problems: [],
    },
    accessGroup: {
      leaver: { outcome: 'withdrawn' },
      notes: /is not there because of this federation/,
      sweep: { state: 'done', actions: { listed: 2, done: 0, withdrawn: 2, failed: 0 } },
      problems: [],
    },
  };

  it.each(['org2orgApp', 'identityProvider', 'accessGroup'] as const)(
    'while it waits at its gate, the %s: takes nobody whose right has come back, says so, and the leaver in the end',
    async (what) => {
      const name = randomUUID().slice(0, 8);
      const leaver = await swept.people.someone(`leaver-${name}`, 'unassigned');
      const returns = await swept.people.someone(`returns-${name}`, 'unassigned');
      const { id, state, listDigest } = await swept.sweeps.carryOut(asking);
      expect(state).toBe('gate');
      await swept.people.assign(returns);
      const before = swept.at.everybodyBut(leaver);
      const putBack = without(what);
      await swept.sweeps.decide(id, 'approve', listDigest);
      const ended = await swept.sweeps.settled(id);
      putBack();
      expect(swept.at.everybodyBut(leaver)).toEqual(before);
      const said = atTheGate[what];
      expect(ended).toMatchObject({ ...said.sweep, attempt: 1 });
      expect(ended.steps.flatMap(({ problem }) => problem?.code ?? [])).toEqual(said.problems);
      const findings = await swept.sweeps.findings(id);
      expect(findings.find(({ login }) => login === leaver)).toMatchObject(said.leaver);
      expect(findings.flatMap(({ note }) => note ?? []).join()).toMatch(said.notes);
      expect(await swept.sweeps.carryOut(enforce)).toMatchObject({ state: 'done', actions: { failed: 0 } });
      expect(swept.at.held(leaver).sp?.status).toBe('DEPROVISIONED');
      expect(swept.at.everybodyBut(leaver)).toEqual(before);
    },
  );
});

describe('a ledger that is lost', () => {
  it.each([
    ['while it reads', 'idp', 'listApplicationUsers', 1],
    ['while it looks up', 'idp', 'listUsers', 0],
    ['while it acts', 'sp', 'revokeUserSessions', 0],
  ] as const)('%s: the sweep reads again, and asks anew', async (_when, org, operation, skip) => {
    const ended = await swept.meets(async () => {
      const slow = swept.fault(org, operation, { kind: 'slow', delayMs: 3_000, skip });
      const { id } = await swept.sweeps.start(enforce);
      await expect.poll(() => slow.hits, { timeout: 60_000 }).toBe(1);
      await lose('findings', 'sweeps', 'suspensions', 'sweep_entries', 'sweep_pages');
      const sweep = await swept.sweeps.settled(id, ({ state }) => state === 'gate');
      if (sweep.state === 'gate') await swept.sweeps.decide(id, 'reject', sweep.listDigest);
      await swept.sweeps.settled(id);
      await swept.sweeps.carryOut({ mode: 'report' });
      return swept.sweeps.get(id);
    });
    expect(['done', 'rejected']).toContain(ended.state);
  });
});
