import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActiveUser, errorOf, type OrgClient, samlApp, startOrg } from './org-client.js';

let org: OrgClient;
let appId: string;
let groupId: string;
beforeAll(async () => {
  org = await startOrg();
  appId = String((await org.call('POST', '/api/v1/apps', samlApp('Assigned'))).object.id);
  groupId = String((await org.call('POST', '/api/v1/groups', { profile: { name: 'Members' } })).object.id);
  await org.call('PUT', `/api/v1/apps/${appId}/groups/${groupId}`, {});
});
afterAll(() => org.stop());

const join = async (id: string) => {
  await org.call('PUT', `/api/v1/groups/${groupId}/users/${id}`);
  await org.org.background.idle();
};
const appUser = (id: string) => org.call('GET', `/api/v1/apps/${appId}/users/${id}`);

describe('assignments of an app', () => {
  it('to a user are refused the second time', async () => {
    const id = await createActiveUser(org);
    const first = await org.call('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER' });
    expect(first.object).toMatchObject({ id, scope: 'USER', status: 'ACTIVE' });
    const second = await org.call('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER' });
    expect([second.status, errorOf(second).code]).toEqual([409, 'E0000062']);
  });

  it('follow the group: members come and go', async () => {
    const id = await createActiveUser(org);
    await join(id);
    expect((await appUser(id)).object).toMatchObject({ scope: 'GROUP' });
    await org.call('DELETE', `/api/v1/groups/${groupId}/users/${id}`);
    await org.org.background.idle();
    expect((await appUser(id)).status).toBe(404);
  });

  it('that are direct stay when the user leaves the group', async () => {
    const id = await createActiveUser(org);
    await join(id);
    expect((await org.call('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER' })).object.scope).toBe('USER');
    await org.call('DELETE', `/api/v1/groups/${groupId}/users/${id}`);
    await org.org.background.idle();
    expect((await appUser(id)).object.scope).toBe('USER');
  });

  it('cannot be taken from a member of the group one by one', async () => {
    const id = await createActiveUser(org);
    await join(id);
    const answer = await org.call('DELETE', `/api/v1/apps/${appId}/users/${id}`);
    expect([answer.status, errorOf(answer).code]).toEqual([403, 'E0000046']);
  });

  it('end with the deactivation of the user, and deactivated users get none', async () => {
    const id = await createActiveUser(org);
    await join(id);
    await org.call('POST', `/api/v1/users/${id}/lifecycle/deactivate`);
    expect((await appUser(id)).status).toBe(404);
    const answer = await org.call('POST', `/api/v1/apps/${appId}/users`, { id });
    expect([answer.status, errorOf(answer).code]).toEqual([403, 'E0000117']);
  });

  it('by group end when the app is switched off and come back when it is switched on', async () => {
    const id = await createActiveUser(org);
    await join(id);
    await org.call('POST', `/api/v1/apps/${appId}/lifecycle/deactivate`);
    await org.org.background.idle();
    expect((await appUser(id)).status).toBe(404);
    await org.call('POST', `/api/v1/apps/${appId}/lifecycle/activate`);
    await org.org.background.idle();
    expect((await appUser(id)).object.scope).toBe('GROUP');
  });
});

describe('group rules', () => {
  it('put users that fit into the group, also those whose profile changes later', async () => {
    const target = String((await org.call('POST', '/api/v1/groups', { profile: { name: 'Sales' } })).object.id);
    const id = await createActiveUser(org);
    const rule = await org.call('POST', '/api/v1/groups/rules', {
      type: 'group_rule',
      name: 'Sales people',
      conditions: { expression: { value: 'user.department=="Sales"', type: 'urn:okta:expression:1.0' } },
      actions: { assignUserToGroups: { groupIds: [target] } },
    });
    await org.call('POST', `/api/v1/groups/rules/${rule.object.id}/lifecycle/activate`);
    const members = async () => (await org.call('GET', `/api/v1/groups/${target}/users`)).list.map((user) => user.id);
    await org.call('POST', `/api/v1/users/${id}`, { profile: { department: 'Sales' } });
    await org.org.background.idle();
    expect(await members()).toEqual([id]);
    await org.call('POST', `/api/v1/users/${id}`, { profile: { department: 'Support' } });
    await org.org.background.idle();
    expect(await members()).toEqual([]);
  });
});
