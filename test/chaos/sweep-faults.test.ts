import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { FederatedWorld } from '../world/federated-world.js';
import { WorldSweeps, wideOpen } from '../world/sweeps.js';
import { pairsOf } from '../world/write-faults.js';

const lists = [
  ['sp', 'listGroupUsers'],
  ['sp', 'listIdentityProviderApplicationUsers'],
  ['sp', 'listUsersWithRoleAssignments'],
  ['idp', 'listApplicationUsers'],
] as const;

const faults = {
  'is answered with 500 once': { kind: 'status', status: 500 },
  'is cut off once': { kind: 'truncatedJson' },
  'is a page of HTML once': { kind: 'html' },
  'is empty once, with more to come': { kind: 'emptyPage' },
  'is empty for as long as it is asked for': { kind: 'emptyPage', count: 20 },
  'is refused from the second time on': { kind: 'status', status: 403, errorCode: 'E0000006', skip: 1, count: null },
  'is refused from the first time on': { kind: 'status', status: 403, errorCode: 'E0000006', count: null },
};

const cases = pairsOf(lists, Object.entries(faults)).map(({ first: [org, operation], second: [name, fault] }, at) => ({
  org,
  operation,
  name,
  fault,
  leaver: `left-${at}@acme.example`,
}));

let at: FederatedWorld;
let sweeps: WorldSweeps;

beforeAll(async () => {
  at = await FederatedWorld.start();
  sweeps = new WorldSweeps(at.world);
  for (const login of ['stays-1@acme.example', 'stays-2@acme.example']) {
    await at.newcomer(login);
    await at.users.carryOut('onboard', login);
  }
  expect(await sweeps.carryOut({ mode: 'report' })).toMatchObject({ state: 'done' });
});
afterAll(() => at.stop());

/** The assignments of the Org2Org app, as the IdP org holds them. */
function assignments() {
  const { org } = at.world.sandbox.idp;
  const app = org.apps.find(({ name }) => name === 'okta_org2org');
  const held = org.appUsers.get(app?.id ?? '');
  if (held === undefined) throw new Error('there is no Org2Org app');
  return held;
}

/** A user whose assignment was taken away without the deactivation that Okta's push would bring. */
async function leftBehind(login: string): Promise<void> {
  await at.newcomer(login);
  await at.users.carryOut('onboard', login);
  assignments().delete(at.world.sandbox.idp.org.userIdsByLogin.get(login) ?? '');
}

const enforce = { mode: 'enforce', limits: { fuse: wideOpen, listShrink: 0.5 } };

describe('a sweep whose fuse lets everything through', () => {
  it.each(cases)(
    'touches nobody but the leaver if $operation $name, and takes the leaver in the end',
    async ({ org, operation, fault, leaver }) => {
      await leftBehind(leaver);
      const before = at.everybodyBut(leaver);
      const added = at.world.sandbox.faults.add(FaultRequest.parse({ org, operation, ...fault }));
      const { state } = await sweeps.carryOut(enforce);
      at.world.sandbox.faults.remove();
      expect(['done', 'incomplete', 'stopped']).toContain(state);
      expect(added.hits).toBeGreaterThan(0);
      expect(at.everybodyBut(leaver)).toEqual(before);

      const clean = await sweeps.carryOut(enforce);
      expect(clean.state).toBe('done');
      expect(at.held(leaver).sp?.status).toBe('DEPROVISIONED');
      expect(at.everybodyBut(leaver)).toEqual(before);
    },
  );

  it('ends as incomplete if what a list answers stays unreadable', async () => {
    const before = at.everybodyBut();
    const fault = { org: 'idp', operation: 'listApplicationUsers', kind: 'truncatedJson', count: null };
    at.world.sandbox.faults.add(FaultRequest.parse(fault));
    const sweep = await sweeps.carryOut(enforce);
    at.world.sandbox.faults.remove();
    expect(sweep).toMatchObject({ state: 'incomplete', actions: { listed: 0 } });
    expect(at.everybodyBut()).toEqual(before);
  });

  it('touches nobody if the IdP org has no assignments all of a sudden', async () => {
    const held = assignments();
    const kept = held.all().slice();
    const before = at.everybodyBut();
    for (const { id } of kept) held.delete(id);
    const sweep = await sweeps.carryOut(enforce);
    for (const assignment of kept) held.add(assignment);
    expect(sweep.state).toBe('incomplete');
    expect(sweep.actions.listed).toBe(0);
    const after = at.everybodyBut();
    expect(after).toEqual(before);
  });
});
