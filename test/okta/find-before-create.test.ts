import { describe, expect, test } from 'vitest';
import { readCertificate } from '../../src/okta/certificate.js';
import { findGroupsByName } from '../../src/okta/groups.js';
import { createIdentityProviderKey } from '../../src/okta/identity-provider-keys.js';
import { findUserByLogin } from '../../src/okta/users.js';
import { json, oktaError, startServer } from './support/local-server.js';
import { openTestSession } from './support/open-session.js';

/** Self-signed, of no use anywhere. */
const certificate = [
  'MIIBdTCCARugAwIBAgIUbimEeh2WFO2HOVVX5XQzkjoW+hEwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEYWNtZTAgFw0yNjExMjMyMDE0MzRa',
  'GA8yMTI2MTAzMDIwMTQzNFowDzENMAsGA1UEAwwEYWNtZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJBP4vDb4fyhCoOag9kZk3alwMb9',
  'pV7rWYR28bDxMgvMEctYn8A3JiCHRRdUAl8EyJq8LrHrkGZvN/UO0Tt1c1yjUzBRMB0GA1UdDgQWBBSDkAg5YL/4hzreDepRgqgn1/9DdjAf',
  'BgNVHSMEGDAWgBSDkAg5YL/4hzreDepRgqgn1/9DdjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIFhOr0cHhelSYuW03Zep',
  'CXyU5Vpwqyz7HyQz6RrDdOxLAiEAj7h13/i7cWN7XyWpULyCrUPJFKKD3drsd84OvYmM5O0=',
].join('');

describe('a certificate that the org has already', () => {
  test.each([
    ['is found by the key id in the answer', 'This certificate has already been uploaded with kid=key-7.'],
    ['is found by its thumbprint where the answer names none', 'This certificate has already been uploaded.'],
  ])('%s', async (_case, summary) => {
    const { thumbprint } = readCertificate(certificate);
    const key = { kid: 'key-7', x5c: [certificate], 'x5t#S256': thumbprint };
    const server = await startServer((request, response) => {
      if (request.method === 'POST') oktaError(response, 409, 'E0000096', summary);
      else json(response, 200, request.url.includes('key-7') ? key : [{ ...key, kid: 'other', 'x5t#S256': 'x' }, key]);
    });
    const found = await createIdentityProviderKey(openTestSession(server.url), certificate);
    expect(found.kid).toBe('key-7');
  });

  test('remains a conflict if it cannot be found', async () => {
    const server = await startServer((request, response) => {
      if (request.method === 'POST') oktaError(response, 409, 'E0000096', 'Already uploaded.');
      else json(response, 200, []);
    });
    const failed = createIdentityProviderKey(openTestSession(server.url), certificate);
    await expect(failed).rejects.toMatchObject({ code: 'O2O_OKTA_CONFLICT', errorCode: 'E0000096' });
  });

  test('is uploaded without the armour of PEM, as Okta demands', async () => {
    const server = await startServer((_request, response) => json(response, 200, { kid: 'k' }));
    const pem = `-----BEGIN CERTIFICATE-----\n${certificate.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
    await createIdentityProviderKey(openTestSession(server.url), pem);
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ x5c: [certificate] });
  });
});

describe('a group is found by its whole name', () => {
  const group = (id: string, name: string) => ({ id, type: 'OKTA_GROUP', profile: { name, description: null } });

  test('among those that begin with it', async () => {
    const server = await startServer((_request, response) => {
      json(response, 200, [group('1', 'Sales'), group('2', 'Sales North'), group('3', 'Sales')]);
    });
    const found = await findGroupsByName(openTestSession(server.url), 'Sales');
    expect(found.map(({ id }) => id)).toEqual(['1', '3']);
  });

  test('also where more groups begin with it than Okta lists', async () => {
    const server = await startServer((request, response) => {
      const exact = request.url.includes('search=');
      json(response, 200, exact ? [group('9', 'S')] : Array.from({ length: 300 }, (_, n) => group(`${n}`, `S${n}`)));
    });
    expect((await findGroupsByName(openTestSession(server.url), 'S')).map(({ id }) => id)).toEqual(['9']);
  });
});

describe('a user is found by the whole login', () => {
  const user = (id: string, login: string) => ({ id, status: 'DEPROVISIONED', profile: { login } });

  test('whatever characters it holds', async () => {
    const server = await startServer((_request, response) => json(response, 200, user('1', 'Jané+x@Example.com')));
    expect((await findUserByLogin(openTestSession(server.url), 'jané+x@example.com'))?.id).toBe('1');
    expect(server.received[0]?.url).toBe('/api/v1/users/jan%C3%A9%2Bx%40example.com');
  });

  test('by the list if it has a slash, which no path can carry', async () => {
    const server = await startServer((_request, response) => json(response, 200, [user('1', 'a/b@x.com')]));
    expect((await findUserByLogin(openTestSession(server.url), 'a/b@x.com'))?.id).toBe('1');
    expect(new URL(server.received[0]?.url ?? '', 'http://x').searchParams.get('filter')).toBe(
      'profile.login eq "a/b@x.com"',
    );
  });

  test('by the list if the org refuses the DPoP proof of the encoded path', async () => {
    const server = await startServer((request, response) => {
      if (request.url.startsWith('/api/v1/users?')) json(response, 200, [user('1', 'a@x.com')]);
      else json(response, 400, { error: 'invalid_dpop_proof', error_description: 'htu' });
    });
    expect((await findUserByLogin(openTestSession(server.url), 'a@x.com'))?.id).toBe('1');
  });

  test('and not by a short name that Okta takes for another login', async () => {
    const server = await startServer((request, response) => {
      json(response, 200, request.url.startsWith('/api/v1/users?') ? [] : user('1', 'jane@example.com'));
    });
    expect(await findUserByLogin(openTestSession(server.url), 'jane')).toBeNull();
  });
});
