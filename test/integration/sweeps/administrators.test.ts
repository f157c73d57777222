import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enforce, SweptFederation } from '../../world/swept-federation.js';

let swept: SweptFederation;
let login: string;

beforeAll(async () => {
  swept = await SweptFederation.of(10);
});
afterAll(() => swept.stop());

/** Somebody who would be deactivated, were there not a role. */
beforeEach(async () => {
  login = await swept.people.someone(`admin-${randomUUID().slice(0, 8)}`, 'unassigned');
});

/** A group of the SP org with these members, who are administrators by it. */
async function administrators(...members: readonly string[]): Promise<void> {
  const { spAdmin, sandbox } = swept.at.world;
  const ids = members.map((member) => sandbox.sp.org.userIdsByLogin.get(member) ?? '');
  const group = await spAdmin.addGroup(`Help desk ${randomUUID().slice(0, 8)}`, ids);
  await spAdmin.post(`/api/v1/groups/${group}/roles`, { type: 'HELP_DESK_ADMIN' });
}

const asking = { ...enforce, limits: { fuse: { ...enforce.limits.fuse, share: 0.001 } } };

describe('an administrator by the role of a group', () => {
  it.each(['everyone', 'users by their names'])('is protected in a sweep of %s', async (whom) => {
    await administrators(login);
    const scope = whom === 'everyone' ? whom : { users: [login] };
    const sweep = await swept.sweeps.carryOut({ ...enforce, scope });
    expect(sweep).toMatchObject({ state: 'done', actions: { listed: 0 } });
    const found = (await swept.sweeps.findings(sweep.id)).find((finding) => finding.login === login);
    expect(found).toMatchObject({
      kind: 'protected',
      action: 'none',
      reason: 'unassigned, but the user holds an administrator role in the SP org',
      evidence: { administrator: true },
    });
    expect(swept.at.held(login).sp?.status).toBe('ACTIVE');
  });

  it('is protected where two groups with the same members give the role', async () => {
    await administrators(login);
    await administrators(login);
    expect(await swept.sweeps.carryOut(enforce)).toMatchObject({ state: 'done', actions: { listed: 0 } });
    expect(swept.at.held(login).sp?.status).toBe('ACTIVE');
  });

  it('does not belong to the population by that', async () => {
    await administrators(login);
    const before = await swept.sweeps.carryOut({ mode: 'report' });
    const own = `own-${login}`;
    await swept.at.world.spAdmin.addUser(own, 'Planted-Password-4711');
    await administrators(own);
    const after = await swept.sweeps.carryOut({ mode: 'report' });
    expect(after.population).toBe(before.population);
    expect((await swept.sweeps.findings(after.id)).map((finding) => finding.login)).not.toContain(own);
  });

  it('is left alone where the role came after the list was approved', async () => {
    const { id, state, listDigest } = await swept.sweeps.carryOut(asking);
    expect(state).toBe('gate');
    await administrators(login);
    await swept.sweeps.decide(id, 'approve', listDigest);
    expect(await swept.sweeps.settled(id)).toMatchObject({ state: 'done', actions: { done: 0, withdrawn: 1 } });
    expect(swept.at.held(login).sp?.status).toBe('ACTIVE');
  });
});
