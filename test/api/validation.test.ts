import { describe, expect, it } from 'vitest';
import { bearer, spec, startApi } from './api.js';

async function put(payload: object | string, contentType = 'application/json') {
  const app = await startApi();
  return app.inject({
    method: 'PUT',
    url: '/v1/federations/acme',
    headers: { ...bearer('operator'), 'content-type': contentType },
    payload,
  });
}

describe('a specification that cannot be right gets 400 with pointer and fix', () => {
  it.each([
    ['an unknown field', { ...spec, targetApp: { lable: 'Dropbox' } }, 'O2O_SPEC_INVALID', '/targetApp/lable'],
    ['an unknown field whose name needs escaping', { ...spec, 'a/b~c': 1 }, 'O2O_SPEC_INVALID', '/a~1b~0c'],
    ['a missing field', { idp: 'partner' }, 'O2O_SPEC_INVALID', '/sp'],
    [
      'a value of the wrong kind',
      { ...spec, identityProvider: { jit: 'yes' } },
      'O2O_SPEC_INVALID',
      '/identityProvider/jit',
    ],
    ['the same org twice', { idp: 'partner', sp: 'partner' }, 'O2O_SPEC_INVALID', '/sp'],
    ['an org that is not registered', { ...spec, sp: 'stranger' }, 'O2O_ORG_UNKNOWN', '/sp'],
    [
      'an http URL',
      { ...spec, org2orgApp: { baseUrl: 'http://company.okta.com' } },
      'O2O_SPEC_INVALID',
      '/org2orgApp/baseUrl',
    ],
    [
      'a secret instead of a reference',
      { ...spec, provisioning: { auth: 'token', token: '00abcSecret' } },
      'O2O_SPEC_INVALID',
      '/provisioning/token',
    ],
    [
      'the token way without a token',
      { ...spec, provisioning: { auth: 'token' } },
      'O2O_SPEC_INVALID',
      '/provisioning/token',
    ],
  ])('%s', async (_, document, code, pointer) => {
    const answer = await put(document);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ code, errors: [{ pointer }] });
    expect(answer.json().errors[0].message).not.toBe('');
    expect(answer.json().errors[0].fix).not.toBe('');
    expect(answer.body).not.toContain('00abcSecret');
  });

  it('names every wrong field at once', async () => {
    const answer = await put({ sp: 'company', nonsense: 1, certificate: { minimumDaysLeft: -1 } });
    const pointers = answer.json().errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.sort()).toEqual(['/certificate/minimumDaysLeft', '/idp', '/nonsense']);
  });

  it('says the same of YAML', async () => {
    const answer = await put('idp: partner\nsp: company\ntargetApp:\n  lable: Dropbox\n', 'application/yaml');
    expect(answer.json()).toMatchObject({ code: 'O2O_SPEC_INVALID', errors: [{ pointer: '/targetApp/lable' }] });
  });
});

describe('a body that cannot be read', () => {
  it.each([
    ['broken JSON', '{"idp":', 'application/json', 400, 'O2O_REQUEST_INVALID'],
    ['nothing', '', 'application/json', 400, 'O2O_REQUEST_INVALID'],
    ['broken YAML', 'idp: [', 'application/yaml', 400, 'O2O_SPEC_INVALID'],
    ['YAML that repeats itself by aliases', 'idp: &a partner\nsp: *a\n', 'application/yaml', 400, 'O2O_SPEC_INVALID'],
    ['another media type', '<idp/>', 'application/xml', 415, 'O2O_MEDIA_TYPE_UNSUPPORTED'],
    ['plain text', 'idp: partner', 'text/plain', 415, 'O2O_MEDIA_TYPE_UNSUPPORTED'],
    ['a body that is too large', `"${'a'.repeat(300_000)}"`, 'application/json', 413, 'O2O_BODY_TOO_LARGE'],
  ])('%s', async (_, payload, contentType, status, code) => {
    const answer = await put(payload, contentType);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code });
  });
});

describe('other parts of a request', () => {
  it.each([
    ['an id that no federation can have', '/v1/federations/Acme%20Corp', '/id', 'params'],
    ['a page that is too long', '/v1/federations?limit=1000', '/limit', 'querystring'],
    ['a page token of nobody', '/v1/federations?pageToken=%00', '/pageToken', 'querystring'],
    ['a state that does not exist', "/v1/federations?state=x'%20OR%201=1", '/state', 'querystring'],
  ])('%s', async (_, url, pointer, where) => {
    const answer = await (await startApi()).inject({ url, headers: bearer('viewer') });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'O2O_REQUEST_INVALID', errors: [{ pointer }] });
    expect(answer.json().detail).toContain(where);
  });

  it('refuses an Idempotency-Key that is none', async () => {
    const headers = { ...bearer('operator'), 'idempotency-key': 'two words' };
    const answer = await (await startApi()).inject({
      method: 'PUT',
      url: '/v1/federations/acme',
      headers,
      payload: spec,
    });
    expect(answer.json()).toMatchObject({ code: 'O2O_REQUEST_INVALID', errors: [{ pointer: '/idempotency-key' }] });
  });

  it('refuses a gate answer without a reason', async () => {
    const answer = await (await startApi()).inject({
      method: 'POST',
      url: '/v1/federations/acme/gates/spToken',
      headers: bearer('operator'),
      payload: { choice: 'done', why: '  ' },
    });
    expect(answer.json()).toMatchObject({ code: 'O2O_REQUEST_INVALID', errors: [{ pointer: '/why' }] });
  });
});
