import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.js';
import { startCheckedSandbox } from '../../world/openapi-check.js';
import { call, type OktaAnswer } from '../okta-caller.js';

let sandbox: Sandbox;
let appId: string;

beforeEach(async () => {
  sandbox = await startCheckedSandbox();
});
afterEach(async () => {
  const failures = [sandbox.idp, sandbox.sp].flatMap(({ org }) => org.background.failures);
  await sandbox.stop();
  expect(failures).toEqual([]);
});

async function control(path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${sandbox.control.url}${path}`, {
    method: path === '/settings' ? 'PUT' : 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return answer.json() as Promise<Record<string, unknown>>;
}

async function federate(provisioning = true): Promise<void> {
  const { federations } = await control('/seed', { org: 'idp', federations: [{ provisioning }] });
  appId = (federations as { appId: string }[])[0]?.appId ?? '';
}

const idp = (method: string, path: string, body?: unknown) => call(sandbox.idp, method, path, { body });
const sp = (method: string, path: string, body?: unknown) => call(sandbox.sp, method, path, { body });

async function newUser(login: string): Promise<string> {
  const profile = { login, email: login, firstName: 'Ada', lastName: 'Byron', department: 'Numbers' };
  return (await idp('POST', '/api/v1/users', { profile, credentials: { password: { value: 'Correct1horse' } } })).body
    .id;
}

async function assign(userId: string, more: object = {}): Promise<OktaAnswer> {
  const answer = await idp('POST', `/api/v1/apps/${appId}/users`, { id: userId, scope: 'USER', ...more });
  await sandbox.idle();
  return answer;
}

const appUser = async (userId: string) => (await idp('GET', `/api/v1/apps/${appId}/users/${userId}`)).body;
const inSp = async (login: string) => (await sp('GET', `/api/v1/users/${login}`)).body;

function reasons(eventType: string): (string | null | undefined)[] {
  return sandbox.idp.org.log
    .all()
    .filter((event) => event.eventType === eventType && event.outcome?.result === 'FAILURE')
    .map((event) => event.outcome?.reason);
}

describe('a user who is assigned', () => {
  it('appears in the SP org, active and with the mapped profile', async () => {
    await federate();
    const id = await newUser('ada@idp.example');
    expect((await assign(id)).body).toMatchObject({ status: 'STAGED', externalId: null });
    const there = await inSp('ada@idp.example');
    expect(there).toMatchObject({ status: 'ACTIVE', profile: { firstName: 'Ada', department: 'Numbers' } });
    expect(await appUser(id)).toMatchObject({ status: 'PROVISIONED', externalId: there.id, syncState: 'SYNCHRONIZED' });
  });

  it.each([
    ['active_with_pass', 'ACTIVE'],
    ['active_without_pass', 'PROVISIONED'],
    ['pending_with_pass', 'STAGED'],
    ['pending_without_pass', 'STAGED'],
  ])('starts as initialStatus says: %s is %s', async (initialStatus, status) => {
    await federate();
    await assign(await newUser('ada@idp.example'), { profile: { initialStatus } });
    expect((await inSp('ada@idp.example')).status).toBe(status);
  });

  it('is taken over if he is there already', async () => {
    await federate();
    const profile = { login: 'ada@idp.example', email: 'ada@idp.example', firstName: 'Augusta', lastName: 'King' };
    const existing = (await sp('POST', '/api/v1/users', { profile })).body;
    const id = await newUser('ada@idp.example');
    await assign(id);
    expect(await appUser(id)).toMatchObject({ status: 'PROVISIONED', externalId: existing.id });
    expect((await inSp('ada@idp.example')).profile.firstName).toBe('Ada');
  });

  it('before provisioning was on is not pushed, neither then nor later', async () => {
    await federate(false);
    const id = await newUser('ada@idp.example');
    expect((await assign(id)).body).toMatchObject({ status: 'ACTIVE', externalId: null });
    await connect();
    await sandbox.idle();
    await idp('POST', `/api/v1/users/${id}`, { profile: { firstName: 'Augusta' } });
    await sandbox.idle();
    expect(await appUser(id)).toMatchObject({ status: 'ACTIVE', externalId: null });
    expect((await sp('GET', '/api/v1/users/ada@idp.example')).status).toBe(404);
    await control('/console', { action: 'retryProvisioning', org: 'idp', appId, userId: id });
    await sandbox.idle();
    expect(await appUser(id)).toMatchObject({ status: 'PROVISIONED' });
  });

  it('does not wait for those whose push is hours away', async () => {
    await federate();
    const { delays } = sandbox.idp.org.background;
    delays.provisioning = 3_600_000;
    for (let number = 0; number < 30; number += 1) {
      const id = await newUser(`later${number}@acme.example`);
      await idp('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER' });
    }
    delays.provisioning = 0;
    const id = await newUser('now@acme.example');
    await idp('POST', `/api/v1/apps/${appId}/users`, { id, scope: 'USER' });
    await expect.poll(async () => (await appUser(id)).status, { timeout: 5_000 }).toBe('PROVISIONED');
    expect((await inSp('later0@acme.example')).errorCode).toBe('E0000007');
  });

  it('by a group is pushed like one who is assigned directly, and removed with his membership', async () => {
    await federate();
    const group = (await idp('POST', '/api/v1/groups', { profile: { name: 'Sales' } })).body;
    const id = await newUser('ada@idp.example');
    await idp('PUT', `/api/v1/groups/${group.id}/users/${id}`);
    await idp('PUT', `/api/v1/apps/${appId}/groups/${group.id}`, { profile: { initialStatus: 'pending_with_pass' } });
    await sandbox.idle();
    expect(await appUser(id)).toMatchObject({ scope: 'GROUP', status: 'PROVISIONED' });
    expect((await inSp('ada@idp.example')).status).toBe('STAGED');
    await idp('DELETE', `/api/v1/groups/${group.id}/users/${id}`);
    await sandbox.idle();
    expect((await inSp('ada@idp.example')).status).toBe('DEPROVISIONED');
  });
});

describe('an app that is switched off', () => {
  let id: string;
  beforeEach(async () => {
    await federate();
    const group = (await idp('POST', '/api/v1/groups', { profile: { name: 'Sales' } })).body;
    id = await newUser('ada@idp.example');
    await idp('PUT', `/api/v1/groups/${group.id}/users/${id}`);
    await idp('PUT', `/api/v1/apps/${appId}/groups/${group.id}`);
    await sandbox.idle();
  });

  const off = async () => {
    await idp('POST', `/api/v1/apps/${appId}/lifecycle/deactivate`);
    await sandbox.idle();
  };

  it('loses the users of its groups, who are deactivated in the SP org', async () => {
    await off();
    expect((await idp('GET', `/api/v1/apps/${appId}/users/${id}`)).status).toBe(404);
    expect((await inSp('ada@idp.example')).status).toBe('DEPROVISIONED');
  });

  it('leaves them active there if its connection was switched off first', async () => {
    await idp('POST', `/api/v1/apps/${appId}/connections/default/lifecycle/deactivate`);
    await off();
    expect((await inSp('ada@idp.example')).status).toBe('ACTIVE');
  });
});

async function connect(): Promise<void> {
  const profile = { authScheme: 'TOKEN', token: sandbox.sp.token };
  await idp('POST', `/api/v1/apps/${appId}/connections/default?activate=true`, { profile });
  await idp('PUT', `/api/v1/apps/${appId}/features/USER_PROVISIONING`, {
    create: { lifecycleCreate: { status: 'ENABLED' } },
    update: { profile: { status: 'ENABLED' }, lifecycleDeactivate: { status: 'ENABLED' } },
  });
}

describe('a provisioned user', () => {
  let id: string;
  beforeEach(async () => {
    await federate();
    id = await newUser('ada@idp.example');
    await assign(id);
  });

  it('follows changes of the profile by the mapping', async () => {
    await idp('POST', `/api/v1/users/${id}`, { profile: { lastName: 'King', login: 'king@idp.example' } });
    await sandbox.idle();
    expect((await inSp('king@idp.example')).profile).toMatchObject({ lastName: 'King', login: 'king@idp.example' });
  });

  it('is deactivated when he is unassigned and comes back when he is assigned again', async () => {
    const first = (await appUser(id)).externalId;
    await idp('DELETE', `/api/v1/apps/${appId}/users/${id}`);
    await sandbox.idle();
    expect((await sp('GET', `/api/v1/users/${first}`)).body.status).toBe('DEPROVISIONED');
    await assign(id);
    expect(await appUser(id)).toMatchObject({ externalId: first, status: 'PROVISIONED' });
    expect((await sp('GET', `/api/v1/users/${first}`)).body.status).not.toBe('DEPROVISIONED');
  });

  it('is deactivated when he is deactivated in the IdP org', async () => {
    await idp('POST', `/api/v1/users/${id}/lifecycle/deactivate`);
    await sandbox.idle();
    expect((await inSp('ada@idp.example')).status).toBe('DEPROVISIONED');
  });

  it('stays active when he is only suspended in the IdP org', async () => {
    await idp('POST', `/api/v1/users/${id}/lifecycle/suspend`);
    await sandbox.idle();
    expect((await inSp('ada@idp.example')).status).toBe('ACTIVE');
  });

  it('is left alone while the connection is off', async () => {
    await idp('POST', `/api/v1/apps/${appId}/connections/default/lifecycle/deactivate`);
    await idp('POST', `/api/v1/users/${id}`, { profile: { lastName: 'King' } });
    await idp('DELETE', `/api/v1/apps/${appId}/users/${id}`);
    await sandbox.idle();
    expect(await inSp('ada@idp.example')).toMatchObject({ status: 'ACTIVE', profile: { lastName: 'Byron' } });
  });

  it('is left alone by features that are off', async () => {
    const off = { status: 'DISABLED' };
    await idp('PUT', `/api/v1/apps/${appId}/features/USER_PROVISIONING`, {
      update: { profile: off, lifecycleDeactivate: off },
    });
    await idp('POST', `/api/v1/users/${id}`, { profile: { lastName: 'King' } });
    await idp('DELETE', `/api/v1/apps/${appId}/users/${id}`);
    await sandbox.idle();
    expect(await inSp('ada@idp.example')).toMatchObject({ status: 'ACTIVE', profile: { lastName: 'Byron' } });
  });

  it('keeps a failed update as an error until a person retries it', async () => {
    const there = await inSp('ada@idp.example');
    const record = sandbox.sp.org.users.get(there.id);
    if (record !== undefined) record.masteredBy = 'some identity provider';
    await idp('POST', `/api/v1/users/${id}`, { profile: { lastName: 'King' } });
    await sandbox.idle();
    expect(await appUser(id)).toMatchObject({ syncState: 'ERROR', status: 'PROVISIONED' });
    expect(reasons('application.provision.user.push_profile')).toEqual([expect.stringContaining('E0000023')]);
    if (record !== undefined) record.masteredBy = null;
    await control('/console', { action: 'retryProvisioning', org: 'idp', appId, userId: id });
    await sandbox.idle();
    expect(await appUser(id)).toMatchObject({ syncState: 'SYNCHRONIZED' });
  });
});

describe('what goes wrong', () => {
  it('leaves a failed creation staged, with the reason in the System Log and no second try', async () => {
    await federate();
    const id = await newUser('ada@idp.example');
    await control('/faults', { org: 'sp', operation: 'createUser', kind: 'status', status: 500, from: 'provisioning' });
    await assign(id);
    expect(await appUser(id)).toMatchObject({ status: 'STAGED', externalId: null });
    expect(reasons('application.provision.user.push')).toEqual([expect.stringContaining('HTTP 500')]);
    expect(sandbox.requests.list({ operation: 'createUser', from: 'provisioning' })).toHaveLength(1);
  });

  it('waits for an org that takes eleven seconds', async () => {
    await federate();
    const id = await newUser('ada@idp.example');
    const slow = { org: 'sp', operation: 'createUser', kind: 'slow', delayMs: 11_000, from: 'provisioning' };
    await control('/faults', slow);
    await assign(id);
    expect(await appUser(id)).toMatchObject({ status: 'PROVISIONED', externalId: expect.any(String) });
  });

  it('refuses an initialStatus that does not exist', async () => {
    await federate();
    await assign(await newUser('ada@idp.example'), { profile: { initialStatus: 'lively' } });
    expect(reasons('application.provision.user.push')).toEqual([expect.stringContaining('notOneOf')]);
  });

  it('shows when the service app loses its role', async () => {
    await federate();
    for (const role of sandbox.sp.org.roleAssignments.filter((entry) => entry.principalKind === 'client')) {
      sandbox.sp.org.roleAssignments.delete(role.id);
    }
    const id = await newUser('ada@idp.example');
    await assign(id);
    expect(await appUser(id)).toMatchObject({ status: 'STAGED' });
    expect(reasons('application.provision.user.push')).toEqual([expect.stringContaining('HTTP 403')]);
  });

  it('refuses a connection with wrong credentials, but takes those of somebody with too few rights', async () => {
    await federate(false);
    const path = `/api/v1/apps/${appId}/connections/default?activate=true`;
    const wrong = await idp('POST', path, { profile: { authScheme: 'TOKEN', token: 'nonsense' } });
    expect(wrong).toMatchObject({ status: 400, body: { errorCode: 'E0000001' } });
    expect(JSON.stringify(wrong.body)).toContain('Verification failed: Invalid URL. Not authorized.');
    expect((await idp('GET', path)).body.status).toBe('DISABLED');
    const nobody = { login: 'weak@sp.example', email: 'weak@sp.example', firstName: 'Weak', lastName: 'Person' };
    const { body } = await sp('POST', '/api/v1/users', {
      profile: nobody,
      credentials: { password: { value: 'Correct1horse' } },
    });
    const { token } = await control('/console', { action: 'createApiToken', org: 'sp', owner: body.id });
    expect(await idp('POST', path, { profile: { authScheme: 'TOKEN', token } })).toMatchObject({
      status: 200,
      body: { status: 'ENABLED' },
    });
  });
});

describe('a federation whose service app is bound to DPoP', () => {
  it('provisions all the same', async () => {
    await federate();
    const client = sandbox.sp.org.connections.get(appId) ?? sandbox.idp.org.connections.get(appId);
    const app = (await sp('GET', `/api/v1/apps/${client?.clientId}`)).body;
    app.settings.oauthClient.dpop_bound_access_tokens = true;
    expect((await sp('PUT', `/api/v1/apps/${client?.clientId}`, app)).status).toBe(200);
    await assign(await newUser('ada@idp.example'));
    expect((await inSp('ada@idp.example')).status).toBe('ACTIVE');
  });
});

describe('group push', () => {
  const push = async (groupId: string) =>
    (
      await idp('POST', `/api/v1/apps/${appId}/group-push/mappings`, {
        sourceGroupId: groupId,
        targetGroupName: 'Pushed',
        status: 'ACTIVE',
      })
    ).body;

  it('needs a role that may create groups; then the group has the members that are provisioned', async () => {
    await federate();
    const group = (await idp('POST', '/api/v1/groups', { profile: { name: 'Sales' } })).body;
    const id = await newUser('ada@idp.example');
    await idp('PUT', `/api/v1/groups/${group.id}/users/${id}`);
    await assign(id);
    const mapping = await push(group.id);
    await sandbox.idle();
    const path = `/api/v1/apps/${appId}/group-push/mappings/${mapping.id}`;
    expect((await idp('GET', path)).body).toMatchObject({
      status: 'ERROR',
      errorSummary: expect.stringContaining('403'),
    });
    const { clientId } = sandbox.idp.org.connections.get(appId) ?? {};
    await sp('POST', `/oauth2/v1/clients/${clientId}/roles`, { type: 'ORG_ADMIN' });
    await idp('PATCH', path, { status: 'INACTIVE' });
    await idp('PATCH', path, { status: 'ACTIVE' });
    await sandbox.idle();
    expect((await idp('GET', path)).body).toMatchObject({ status: 'ACTIVE' });
    const [pushed] = (await sp('GET', '/api/v1/groups?q=Pushed')).body;
    const members = (await sp('GET', `/api/v1/groups/${pushed.id}/users`)).body;
    expect(members.map((member: { profile: { login: string } }) => member.profile.login)).toEqual(['ada@idp.example']);
    await idp('DELETE', `/api/v1/groups/${group.id}/users/${id}`);
    await sandbox.idle();
    expect((await sp('GET', `/api/v1/groups/${pushed.id}/users`)).body).toEqual([]);
  });
});

describe('the target app', () => {
  it('gets its settings and its members once a person has finished its console', async () => {
    const app = (
      await sp('POST', '/api/v1/apps', {
        name: 'dropbox_for_business',
        label: 'Dropbox Business',
        signOnMode: 'SAML_2_0',
      })
    ).body;
    await control('/console', { action: 'completeTargetAppConsole', org: 'sp', appId: app.id });
    const features = (await sp('GET', `/api/v1/apps/${app.id}`)).body.features;
    expect(features).toEqual(['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'PUSH_USER_DEACTIVATION']);
    const profile = { login: 'ada@sp.example', email: 'ada@sp.example', firstName: 'Ada', lastName: 'Byron' };
    const { id } = (await sp('POST', '/api/v1/users', { profile })).body;
    await sp('POST', `/api/v1/apps/${app.id}/users`, { id, scope: 'USER' });
    await sandbox.idle();
    expect((await sp('GET', `/api/v1/apps/${app.id}/users/${id}`)).body).toMatchObject({
      status: 'PROVISIONED',
      externalId: 'ada@sp.example',
    });
    const members = await (await fetch(`${sandbox.targetApp.url}/admin/members`)).json();
    expect(members).toMatchObject([{ login: 'ada@sp.example', status: 'active' }]);
    await sp('DELETE', `/api/v1/apps/${app.id}/users/${id}`);
    await sandbox.idle();
    expect(await (await fetch(`${sandbox.targetApp.url}/admin/members`)).json()).toMatchObject([
      { status: 'suspended' },
    ]);
  });
});
