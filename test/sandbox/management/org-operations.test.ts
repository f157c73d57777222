import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCertificateRequest } from '../../../sandbox/core/certificate-request.js';
import { generateSigningKey } from '../../../sandbox/core/keys.js';
import type { Json } from '../../../sandbox/core/records.js';
import { asObject } from '../../../sandbox/core/routing.js';
import { createActiveUser, type OrgClient, samlApp, startOrg } from './org-client.js';

/** Operations of the org itself and of administrators. The client fails on an answer that is not as described. */
let org: OrgClient;
let user: string;
let app: string;
beforeAll(async () => {
  org = await startOrg();
  user = await createActiveUser(org);
  app = String((await org.call('POST', '/api/v1/apps', samlApp('Trust'))).object.id);
});
afterAll(() => org.stop());

async function expectStatus(status: number, method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await org.call(method, path, body);
  expect([method, path, answer.status, answer.body]).toEqual([method, path, status, answer.body]);
  return answer.object;
}
const get = (path: string) => expectStatus(200, 'GET', path);

describe('certificates of signing keys that another authority issues', () => {
  const metadata = {
    subject: { countryName: 'US', commonName: 'sp.example.com' },
    subjectAltNames: { dnsNames: ['a.example.com'] },
  };

  it('are asked for, listed and withdrawn', async () => {
    const path = `/api/v1/apps/${app}/credentials/csrs`;
    const request = await expectStatus(201, 'POST', path, metadata);
    const parsed = new x509.Pkcs10CertificateRequest(String(request.csr));
    expect(parsed.subject).toBe('C=US, CN=sp.example.com');
    expect(await parsed.verify()).toBe(true);
    expect((await org.call('GET', path)).list.map((entry) => entry.id)).toEqual([request.id]);
    await get(`${path}/${request.id}`);
    await expectStatus(204, 'DELETE', `${path}/${request.id}`);
    await expectStatus(404, 'GET', `${path}/${request.id}`);
  });

  it('become a key of the app only if they are for the key that was asked for', async () => {
    const path = `/api/v1/apps/${app}/credentials/csrs`;
    const request = await expectStatus(201, 'POST', path, metadata);
    const publish = (certificate: string) =>
      org.call('POST', `${path}/${request.id}/lifecycle/publish`, certificate, {
        'content-type': 'application/x-pem-file',
      });
    const foreign = await generateSigningKey({ commonName: 'other', validityYears: 2, clock: org.org.clock });
    expect((await publish(foreign.certificate)).status).toBe(400);
    const issued = await issue(String(request.csr));
    const answer = await publish(issued);
    expect(answer.status).toBe(201);
    const { kid } = answer.object;
    expect((await org.call('GET', `/api/v1/apps/${app}/credentials/keys`)).list.map((key) => key.kid)).toContain(kid);
    await expectStatus(404, 'GET', `${path}/${request.id}`);
  });
});

/** What an authority makes of a request. */
async function issue(csr: string): Promise<string> {
  const authority = await newCertificateRequest({ subject: { commonName: 'Authority' } }, org.org.clock);
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '01',
    subject: 'CN=sp.example.com',
    issuer: 'CN=Authority',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2040-01-01'),
    signingAlgorithm: algorithm,
    publicKey: new x509.Pkcs10CertificateRequest(csr).publicKey,
    signingKey: await crypto.subtle.importKey(
      'pkcs8',
      authority.privateKey.export({ type: 'pkcs8', format: 'der' }),
      algorithm,
      false,
      ['sign'],
    ),
  });
  return certificate.toString('pem');
}

describe('custom roles', () => {
  it('hold permissions, which can be added and taken away', async () => {
    const role = await expectStatus(200, 'POST', '/api/v1/iam/roles', {
      label: 'Readers',
      description: 'They read.',
      permissions: ['okta.users.read'],
    });
    const path = `/api/v1/iam/roles/${role.id}`;
    await expectStatus(204, 'POST', `${path}/permissions/okta.groups.read`, {});
    await get(`${path}/permissions/okta.groups.read`);
    await expectStatus(204, 'DELETE', `${path}/permissions/okta.users.read`);
    const { permissions } = await get(`${path}/permissions`);
    expect(permissions).toEqual([expect.objectContaining({ label: 'okta.groups.read' })]);
    await expectStatus(200, 'PUT', path, { label: 'Readers 2', description: 'They read.' });
    await get('/api/v1/iam/roles');
    await expectStatus(204, 'DELETE', path);
    await expectStatus(404, 'GET', path);
  });

  it('are bound to people over a resource set, and shown among their roles', async () => {
    const role = await expectStatus(200, 'POST', '/api/v1/iam/roles', {
      label: 'Helpers',
      description: 'They help.',
      permissions: ['okta.users.manage'],
    });
    const set = await expectStatus(200, 'POST', '/api/v1/iam/resource-sets', {
      label: 'All users',
      description: 'Everybody',
      resources: [`${org.org.url}/api/v1/users`],
    });
    const path = `/api/v1/iam/resource-sets/${set.id}`;
    await get(`${path}/resources`);
    const added = await expectStatus(200, 'POST', `${path}/resources`, {
      resourceOrnOrUrl: `${org.org.url}/api/v1/groups`,
      conditions: {},
    });
    await expectStatus(204, 'DELETE', `${path}/resources/${added.id}`);
    await expectStatus(200, 'POST', `${path}/bindings`, {
      role: role.id,
      members: [`${org.org.url}/api/v1/users/${user}`],
    });
    await get(`${path}/bindings`);
    await get(`${path}/bindings/${role.id}`);
    const { members } = await get(`${path}/bindings/${role.id}/members`);
    const [member] = Array.isArray(members) ? members.map(asObject) : [];
    await get(`${path}/bindings/${role.id}/members/${member?.id}`);
    const roles = (await org.call('GET', `/api/v1/users/${user}/roles`)).list;
    expect(roles).toEqual([expect.objectContaining({ type: 'CUSTOM', role: role.id, 'resource-set': set.id })]);
    await get('/api/v1/iam/assignees/users');
    await expectStatus(400, 'DELETE', `/api/v1/iam/roles/${role.id}`);
    await expectStatus(204, 'DELETE', `${path}/bindings/${role.id}/members/${member?.id}`);
    await expectStatus(404, 'GET', `${path}/bindings/${role.id}`);
    await expectStatus(204, 'DELETE', path);
  });
});

describe('an org', () => {
  it('keeps its preferences, contacts and switches', async () => {
    await get('/api/v1/org/contacts');
    expect(await expectStatus(200, 'PUT', '/api/v1/org/contacts/BILLING', { userId: user })).toMatchObject({
      userId: user,
    });
    expect(await get('/api/v1/org/contacts/billing')).toMatchObject({ userId: user });
    await expectStatus(404, 'GET', '/api/v1/org/contacts/legal');
    await expectStatus(200, 'POST', '/api/v1/org/preferences/hideEndUserFooter');
    expect(await get('/api/v1/org/preferences')).toMatchObject({ showEndUserFooter: false });
    await expectStatus(200, 'POST', '/api/v1/org/privacy/oktaCommunication/optOut');
    expect(await get('/api/v1/org/privacy/oktaCommunication')).toMatchObject({ optOutEmailUsers: true });
    for (const [path, name, method] of [
      ['/api/v1/org/orgSettings/thirdPartyAdminSetting', 'thirdPartyAdmin', 'POST'],
      ['/api/v1/org/settings/autoAssignAdminAppSetting', 'autoAssignAdminAppSetting', 'POST'],
      ['/api/v1/org/settings/clientPrivilegesSetting', 'clientPrivilegesSetting', 'PUT'],
    ] as const) {
      const before = (await get(path))[name];
      await expectStatus(200, method, path, { [name]: before === false });
      expect((await get(path))[name]).toBe(before === false);
    }
  });

  it('gives Okta Support no access', async () => {
    expect(await get('/api/v1/org/privacy/oktaSupport')).toMatchObject({ support: 'DISABLED' });
    expect(await get('/api/v1/org/privacy/oktaSupport/cases')).toEqual({ supportCases: [] });
  });

  it('has keys for its hooks', async () => {
    const key = await expectStatus(200, 'POST', '/api/v1/hook-keys', { name: 'hooks' });
    await expectStatus(400, 'POST', '/api/v1/hook-keys', { name: 'hooks' });
    await get(`/api/v1/hook-keys/public/${key.keyId}`);
    await expectStatus(200, 'PUT', `/api/v1/hook-keys/${key.id}`, { name: 'hooks 2' });
    await get('/api/v1/hook-keys');
    await expectStatus(204, 'DELETE', `/api/v1/hook-keys/${key.id}`);
    await expectStatus(404, 'GET', `/api/v1/hook-keys/${key.id}`);
  });
});

describe('a user', () => {
  it('enrolls factors', async () => {
    const path = `/api/v1/users/${user}/factors`;
    await get(`${path}/catalog`);
    await get(`${path}/questions`);
    const question = {
      factorType: 'question',
      provider: 'OKTA',
      profile: { question: 'disliked_food', answer: 'Spinach pie' },
    };
    const factor = await expectStatus(200, 'POST', path, question);
    expect(factor).toMatchObject({ status: 'ACTIVE', profile: { question: 'disliked_food' } });
    expect(JSON.stringify(factor)).not.toContain('Spinach');
    await expectStatus(400, 'POST', path, question);
    await expectStatus(200, 'POST', `${path}/${factor.id}/verify`, { answer: 'Spinach pie' });
    await expectStatus(403, 'POST', `${path}/${factor.id}/verify`, { answer: 'Cake' });
    const sms = { factorType: 'sms', provider: 'OKTA', profile: { phoneNumber: '+15554151337' } };
    const pending = await expectStatus(200, 'POST', path, sms);
    expect(pending.status).toBe('PENDING_ACTIVATION');
    await expectStatus(403, 'POST', `${path}/${pending.id}/lifecycle/activate`, { passCode: '123456' });
    await expectStatus(204, 'DELETE', `${path}/${pending.id}`);
    expect((await org.call('GET', path)).list.map((entry) => entry.id)).toEqual([factor.id]);
    await expectStatus(200, 'POST', `/api/v1/users/${user}/lifecycle/reset_factors`);
    expect((await org.call('GET', path)).list).toEqual([]);
  });

  it('has subscriptions only as an administrator', async () => {
    await expectStatus(404, 'GET', `/api/v1/users/${user}/subscriptions`);
    const path = `/api/v1/users/${org.adminId}/subscriptions`;
    await expectStatus(200, 'POST', `${path}/OKTA_UPDATE/unsubscribe`);
    expect(await get(`${path}/OKTA_UPDATE`)).toMatchObject({ status: 'unsubscribed' });
    await get(path);
  });

  it('has no devices, grants or tokens', async () => {
    await get(`/api/v1/users/${user}/devices`);
    await expectStatus(404, 'GET', `/api/v1/users/${user}/grants/oag1`);
    await expectStatus(404, 'DELETE', `/api/v1/users/${user}/clients/${app}/tokens/oar1`);
  });
});

describe('apps', () => {
  it('make claims about users', async () => {
    const path = `/api/v1/apps/${app}/federated-claims`;
    const claim = await expectStatus(201, 'POST', path, { name: 'role', expression: 'user.profile.role' });
    await get(path);
    await get(`${path}/${claim.id}`);
    await expectStatus(201, 'PUT', `${path}/${claim.id}`, { name: 'role', expression: 'user.profile.title' });
    await expectStatus(204, 'DELETE', `${path}/${claim.id}`);
    await expectStatus(404, 'GET', `${path}/${claim.id}`);
  });

  it('may act for another app', async () => {
    const other = String((await org.call('POST', '/api/v1/apps', samlApp('Resource'))).object.id);
    const path = `/api/v1/apps/${app}/cwo/connections`;
    const body = { requestingAppInstanceId: app, resourceAppInstanceId: other, status: 'ACTIVE' };
    const { id } = await expectStatus(201, 'POST', path, body);
    expect((await org.call('GET', `/api/v1/apps/${other}/cwo/connections`)).list.map((entry) => entry.id)).toEqual([
      id,
    ]);
    await expectStatus(200, 'PATCH', `${path}/${id}`, { status: 'INACTIVE' });
    await get(`${path}/${id}`);
    await expectStatus(204, 'DELETE', `${path}/${id}`);
    await expectStatus(404, 'GET', `${path}/${id}`);
  });
});
