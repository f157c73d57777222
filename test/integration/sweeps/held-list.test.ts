import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SweepRecord } from '../../../src/domain/sweep.js';
import { told } from '../../world/sweeps.js';
import { enforce, SweptFederation } from '../../world/swept-federation.js';

let swept: SweptFederation;

beforeAll(async () => {
  swept = await SweptFederation.of(20);
  await swept.people.someone('leaver-1', 'unassigned');
  await swept.people.someone('leaver-2', 'idpUserMissing');
  await swept.people.someone('leaver-3', 'idpUserSuspended');
});
afterAll(() => swept.stop());

const rules = { idpUserMissing: 'deactivate' };
const asking = { ...enforce, rules, limits: { ...enforce.limits, fuse: { ...enforce.limits.fuse, users: 1 } } };
const why = 'the list of actions has changed in the ledger since everyone was judged';

/** Runs SQL on the ledger while the sweep is on its way, as nobody of the project does. */
function meddle(statement: string): Promise<unknown> {
  return swept.at.world.ledger.ask((database) => sql.raw(statement).execute(database));
}

const ofSweep = ({ id }: SweepRecord) => `sweep_id = '${id}'`;

/** One of the users on the list. */
const oneOf = (sweep: SweepRecord) =>
  `${ofSweep(sweep)} and sp_user_id = (select min(sp_user_id) from findings where ${ofSweep(sweep)} and action <> 'none')`;

const columns =
  'sweep_id, attempt, federation_id, idp_user_id, login, kind, reason, action, evidence, outcome, found_at';

/** Somebody of the SP org who has every right to be there. */
function entitledUser(): string {
  const { users, userIdsByLogin } = swept.at.world.sandbox.sp.org;
  return users.get(userIdsByLogin.get('ada@acme.example') ?? '')?.id ?? '';
}

/** What the ledger holds is changed, and what has changed with it. */
const changes: Readonly<Record<string, (sweep: SweepRecord) => string>> = {
  'a user is lost': (sweep) => `delete from findings where ${oneOf(sweep)}`,
  'a user is added': (sweep) =>
    `insert into findings (sp_user_id, ${columns})
     select '${entitledUser()}', ${columns} from findings where ${oneOf(sweep)}`,
  'another SP user is meant': (sweep) => `update findings set sp_user_id = '${entitledUser()}' where ${oneOf(sweep)}`,
  'another IdP user is meant': (sweep) => `update findings set idp_user_id = '00uother' where ${oneOf(sweep)}`,
  'another action is meant': (sweep) =>
    `update findings set action = 'deactivate' where ${ofSweep(sweep)} and action = 'suspend'`,
  'another finding stands there': (sweep) => `update findings set kind = 'expired' where ${oneOf(sweep)}`,
  'a user counts as done': (sweep) => `update findings set outcome = 'done' where ${oneOf(sweep)}`,
};

/** The sweep reads again, asks anew, and says why. */
async function asksAnew({ id }: SweepRecord): Promise<SweepRecord> {
  const again = await swept.sweeps.settled(id, ({ attempt, state }) => attempt === 2 && state === 'gate');
  expect(again).toMatchObject({ state: 'gate', attempt: 2 });
  expect(again.steps.find(({ name }) => name === 'federation')?.decided).toContain(`Read again: ${why}.`);
  return again;
}

describe('a list of actions that has changed in the ledger', () => {
  it.each(Object.keys(changes))('while it waited for its approval: nothing is done if %s', async (what) => {
    const sweep = await swept.sweeps.carryOut(asking);
    expect(sweep).toMatchObject({ state: 'gate', attempt: 1, actions: { listed: 3, pending: 3 } });
    await meddle(changes[what]?.(sweep) ?? '');
    const before = swept.at.everybodyBut();
    swept.at.world.sandbox.requests.clear();
    await swept.sweeps.decide(sweep.id, 'approve', sweep.listDigest);
    const again = await asksAnew(sweep);
    expect(again).toMatchObject({ listDigest: sweep.listDigest, actions: { listed: 3, pending: 3, done: 0 } });
    expect(told(await swept.sweeps.findings(sweep.id))).toEqual([
      'leaver-1@acme.example unassigned deactivate pending',
      'leaver-2@acme.example idpUserMissing deactivate pending',
      'leaver-3@acme.example idpUserSuspended suspend pending',
    ]);
    expect(swept.at.world.writes()).toEqual([]);
    expect(swept.at.everybodyBut()).toEqual(before);
    await swept.sweeps.decide(sweep.id, 'reject', again.listDigest);
    expect(await swept.sweeps.settled(sweep.id)).toMatchObject({ state: 'rejected', actions: { done: 0 } });
  });

  it('while it acted: the rest is not acted on before somebody has approved the new list', async () => {
    const name = randomUUID().slice(0, 8);
    const logins = [await swept.people.someone(`${name}-1`, 'unassigned')];
    logins.push(await swept.people.someone(`${name}-2`, 'unassigned'));
    const sweep = await swept.sweeps.carryOut({ ...asking, limits: { ...asking.limits, canary: 1 } });
    const slow = swept.fault('sp', 'revokeUserSessions', { kind: 'slow', delayMs: 3_000 });
    await swept.sweeps.decide(sweep.id, 'approve', sweep.listDigest);
    await expect.poll(() => slow.hits, { timeout: 60_000 }).toBe(1);
    await meddle(changes['a user is added']?.(sweep) ?? '');
    const again = await asksAnew(sweep);
    expect(again).toMatchObject({ actions: { listed: sweep.actions.listed - 1, done: 0 } });
    await swept.sweeps.decide(sweep.id, 'approve', again.listDigest);
    expect(await swept.sweeps.settled(sweep.id)).toMatchObject({ state: 'done', actions: { failed: 0, notDone: 0 } });
    expect(logins.map((login) => swept.at.held(login).sp?.status)).toEqual(['DEPROVISIONED', 'DEPROVISIONED']);
    expect(swept.at.held('ada@acme.example').sp?.status).toBe('ACTIVE');
  });
});
