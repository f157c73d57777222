import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asObject } from '../../../sandbox/core/routing.js';
import { errorOf, type OrgClient, org2orgApp, samlApp, startOrg } from './org-client.js';

let org: OrgClient;
beforeAll(async () => {
  org = await startOrg();
});
afterAll(() => org.stop());

const create = async (body: object) => {
  const answer = await org.call('POST', '/api/v1/apps', body);
  expect(answer.status).toBe(200);
  return String(answer.object.id);
};
const xml = { accept: 'application/xml' };

describe('an app', () => {
  it.each([
    ['an empty label', { ...samlApp('') }, 'label: The field cannot be left blank'],
    [
      'a bookmark without address',
      { name: 'bookmark', label: 'B', signOnMode: 'BOOKMARK' },
      'url: The field cannot be left blank',
    ],
    [
      'Org2Org without base URL',
      { name: 'okta_org2org', label: 'O', signOnMode: 'SAML_2_0' },
      'baseUrl: The field cannot be left blank',
    ],
    [
      'a template that does not exist',
      { name: 'template_none', label: 'T', signOnMode: 'BROWSER_PLUGIN' },
      'Cannot create application instance template_none.',
    ],
  ])('is refused with %s', async (_what, body, cause) => {
    const answer = await org.call('POST', '/api/v1/apps', body);
    expect([answer.status, errorOf(answer)]).toEqual([400, { code: 'E0000001', causes: [cause] }]);
  });

  it('of the kind Org2Org is not in the catalog of a free org', async () => {
    const free = await startOrg({ plan: 'integrator' });
    const answer = await free.call('POST', '/api/v1/apps', org2orgApp('No'));
    expect(errorOf(answer)).toEqual({ code: 'E0000001', causes: ['Cannot create application instance okta_org2org.'] });
    await free.stop();
  });

  it('keeps its settings if a PUT leaves them out, and takes those that it sends', async () => {
    const id = await create(org2orgApp('Kept'));
    const renamed = await org.call('PUT', `/api/v1/apps/${id}`, {
      name: 'okta_org2org',
      label: 'Renamed',
      signOnMode: 'SAML_2_0',
    });
    expect(asObject(renamed.object.settings).app).toMatchObject({ baseUrl: 'https://sp.example.com' });
    const changed = await org.call('PUT', `/api/v1/apps/${id}`, {
      ...renamed.object,
      settings: {
        app: {
          baseUrl: 'https://sp.example.com',
          acsUrl: 'https://sp.example.com/sso/saml2/0oa',
          audRestriction: 'urn:sp',
        },
      },
    });
    expect(asObject(changed.object.settings).app).toMatchObject({
      acsUrl: 'https://sp.example.com/sso/saml2/0oa',
      audRestriction: 'urn:sp',
    });
  });

  it('must be deactivated before it is deleted', async () => {
    const id = await create(samlApp('Deleted'));
    const refused = await org.call('DELETE', `/api/v1/apps/${id}`);
    expect([refused.status, errorOf(refused)]).toEqual([
      403,
      { code: 'E0000056', causes: ['The application must be deactivated before deletion.'] },
    ]);
    expect((await org.call('POST', `/api/v1/apps/${id}/lifecycle/deactivate`)).body).toEqual({});
    expect((await org.call('DELETE', `/api/v1/apps/${id}`)).status).toBe(204);
    expect((await org.call('GET', `/api/v1/apps/${id}`)).status).toBe(404);
  });

  it('is found by catalog name and by the start of its label', async () => {
    const id = await create(org2orgApp('Findable'));
    const byName = await org.call(
      'GET',
      `/api/v1/apps?filter=${encodeURIComponent('name eq "okta_org2org"')}&limit=200`,
    );
    expect(byName.list.map((app) => app.id)).toContain(id);
    expect((await org.call('GET', '/api/v1/apps?q=finda')).list.map((app) => app.id)).toEqual([id]);
    expect(errorOf(await org.call('GET', `/api/v1/apps?filter=${encodeURIComponent('colour eq "red"')}`)).code).toBe(
      'E0000031',
    );
  });
});

describe('keys and metadata of an app', () => {
  it('show the active key, or the one that is asked for', async () => {
    const id = await create(samlApp('Keys'));
    const generated = await org.call('POST', `/api/v1/apps/${id}/credentials/keys/generate?validityYears=5`);
    expect(generated.status).toBe(201);
    const [first, second] = (await org.call('GET', `/api/v1/apps/${id}/credentials/keys`)).list;
    expect(second?.kid).toBe(generated.object.kid);
    const certificate = (key: typeof first) => String(Array.isArray(key?.x5c) ? key.x5c[0] : '').slice(200, 240);
    const plain = async (query: string) =>
      String((await org.call('GET', `/api/v1/apps/${id}/sso/saml/metadata${query}`, undefined, xml)).body).replace(
        /\s/g,
        '',
      );
    expect(await plain('')).toContain(certificate(first));
    expect(await plain(`?kid=${second?.kid}`)).toContain(certificate(second));
    const app = (await org.call('GET', `/api/v1/apps/${id}`)).object;
    await org.call('PUT', `/api/v1/apps/${id}`, { ...app, credentials: { signing: { kid: second?.kid } } });
    expect(await plain('')).toContain(certificate(second));
  });

  it('refuse a caller that takes no XML, and a validity out of range', async () => {
    const id = await create(samlApp('Refused'));
    const json = await org.call('GET', `/api/v1/apps/${id}/sso/saml/metadata`, undefined, {
      accept: 'application/json',
    });
    expect([json.status, errorOf(json).code]).toEqual([400, 'E0000019']);
    const years = await org.call('POST', `/api/v1/apps/${id}/credentials/keys/generate?validityYears=1`);
    expect(errorOf(years).causes).toEqual(['Validity years out of range. It should be 2 - 10 years']);
  });

  it('can be shared with another app once', async () => {
    const [source, target] = [await create(samlApp('Source')), await create(samlApp('Target'))];
    const kid = String((await org.call('GET', `/api/v1/apps/${source}/credentials/keys`)).list[0]?.kid);
    const clone = () => org.call('POST', `/api/v1/apps/${source}/credentials/keys/${kid}/clone?targetAid=${target}`);
    expect((await clone()).status).toBe(201);
    expect(errorOf(await clone()).causes).toEqual([
      'Key already exists in the list of key credentials for the target app.',
    ]);
  });
});

describe('the provisioning connection', () => {
  it('of an app that the API does not provision answers UNKNOWN and does nothing', async () => {
    const id = await create(samlApp('Unsupported'));
    const path = `/api/v1/apps/${id}/connections/default`;
    expect((await org.call('GET', path)).body).toEqual({ status: 'UNKNOWN', profile: { authScheme: 'UNKNOWN' } });
    expect((await org.call('POST', `${path}/lifecycle/activate`)).status).toBe(204);
    expect(errorOf(await org.call('GET', `/api/v1/apps/${id}/features`)).causes).toEqual([
      'Provisioning is not supported.',
    ]);
  });

  it('of Org2Org is enabled only with credentials that the other org takes', async () => {
    const id = await create(org2orgApp('Connected'));
    const path = `/api/v1/apps/${id}/connections/default`;
    expect(errorOf(await org.call('POST', `${path}/lifecycle/activate`)).code).toBe('E0000001');
    expect(errorOf(await org.call('GET', `/api/v1/apps/${id}/features`)).causes).toEqual([
      'Provisioning is not enabled for the app instance.',
    ]);
    org.org.verifyConnection = async (_app, connection) =>
      connection.token === 'good'
        ? { ok: true }
        : { ok: false, reason: 'Verification failed: Invalid URL. Not authorized.' };
    const wrong = await org.call('POST', `${path}?activate=true`, { profile: { authScheme: 'TOKEN', token: 'bad' } });
    expect([wrong.status, wrong.object.errorSummary, errorOf(wrong).causes]).toEqual([
      400,
      'Api validation failed: credential',
      ['Verification failed: Invalid URL. Not authorized.'],
    ]);
    const right = await org.call('POST', `${path}?activate=true`, { profile: { authScheme: 'TOKEN', token: 'good' } });
    expect(right.object).toMatchObject({ authScheme: 'TOKEN', status: 'ENABLED', profile: { authScheme: 'TOKEN' } });
    expect(JSON.stringify(right.body)).not.toContain('good');
  });

  it('of Org2Org carries features: what is not sent stays, and the app shows them', async () => {
    const id = await create(org2orgApp('Features'));
    await org.call('POST', `/api/v1/apps/${id}/connections/default?activate=true`, {
      profile: { authScheme: 'TOKEN', token: 'good' },
    });
    const path = `/api/v1/apps/${id}/features/USER_PROVISIONING`;
    const enabled = { status: 'ENABLED' };
    await org.call('PUT', path, { create: { lifecycleCreate: enabled } });
    await org.call('PUT', path, { update: { lifecycleDeactivate: enabled } });
    const capabilities = asObject((await org.call('GET', path)).object.capabilities);
    expect(capabilities).toMatchObject({
      create: { lifecycleCreate: enabled },
      update: { lifecycleDeactivate: enabled, profile: { status: 'DISABLED' } },
    });
    const { features } = (await org.call('GET', `/api/v1/apps/${id}`)).object;
    expect(features).toEqual(expect.arrayContaining(['PUSH_NEW_USERS', 'PUSH_USER_DEACTIVATION']));
    expect(features).not.toContain('PUSH_PROFILE_UPDATES');
  });
});

describe('metadata of an app', () => {
  const format = (name: string) => `urn:oasis:names:tc:SAML:1.1:nameid-format:${name}`;
  it.each([
    ['that names no format', org2orgApp('Formats'), [format('unspecified'), format('emailAddress')]],
    [
      'that sends mail addresses',
      { name: 'dropbox_for_business', label: 'Box', signOnMode: 'SAML_2_0' },
      [format('emailAddress')],
    ],
  ])('%s offers what its responses hold', async (_kind, body, formats) => {
    const { id } = (await org.call('POST', '/api/v1/apps', body)).object;
    const path = `/api/v1/apps/${id}/sso/saml/metadata`;
    const metadata = String((await org.call('GET', path, undefined, { accept: 'application/xml' })).body);
    expect([...metadata.matchAll(/NameIDFormat>(urn[^<]+)/g)].map(([, name]) => name)).toEqual(formats);
  });
});
