import { describe, expect, it } from 'vitest';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import { normalizeFederationSpec, normalizeOrgUrl, SpecIssues } from '../../src/domain/normalize-federation-spec.js';
import { registry } from './federation-input.js';

function pointers(document: unknown): string[] {
  const { error } = FederationSpecDocument.safeParse(document);
  return (error?.issues ?? []).map((issue) => `/${issue.path.join('/')}`);
}

function issuesOf(document: Record<string, unknown>) {
  try {
    normalizeFederationSpec(FederationSpecDocument.parse(document), registry);
  } catch (error) {
    if (error instanceof SpecIssues) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a federation specification', () => {
  it('needs no more than the names of two orgs', () => {
    const { spec } = normalizeFederationSpec(FederationSpecDocument.parse({ idp: 'acme', sp: 'partner' }), registry);
    expect(spec.provisioning).toEqual({ auth: 'oauth2', features: { create: true, update: true, deactivate: true } });
    expect(spec.identityProvider).toMatchObject({ subjectMatch: 'USERNAME', accountLink: 'AUTO', jit: true });
    expect(spec.org2orgApp.baseUrl).toBe('https://partner.okta.com');
  });

  it.each([
    ['an unknown field', { idp: 'acme', sp: 'partner', targetApp: { labell: 'x' } }, '/targetApp'],
    ['a missing field', { idp: 'acme' }, '/sp'],
    ['the same org twice', { idp: 'acme', sp: 'acme' }, '/sp'],
    [
      'auth token without a reference',
      { idp: 'acme', sp: 'partner', provisioning: { auth: 'token' } },
      '/provisioning/token',
    ],
    [
      'a token where a reference belongs',
      { idp: 'acme', sp: 'partner', provisioning: { auth: 'token', token: '00abcSecret' } },
      '/provisioning/token',
    ],
    [
      'a token that oauth2 does not need',
      { idp: 'acme', sp: 'partner', provisioning: { token: 'env:TOKEN' } },
      '/provisioning/token',
    ],
    [
      'a password where a reference belongs',
      { idp: 'acme', sp: 'partner', signOn: { testUser: { login: 'a@b.c', password: 'secret' } } },
      '/signOn/testUser/password',
    ],
  ])('refuses %s and names the field', (_, document, pointer) => {
    expect(pointers(document)).toContain(pointer);
  });

  it('refuses an org that is not registered and names those that are', () => {
    const error = issuesOf({ idp: 'acme', sp: 'nobody' });
    expect(error.code).toBe('O2O_ORG_UNKNOWN');
    expect(error.issues).toEqual([
      expect.objectContaining({ pointer: '/sp', fix: expect.stringContaining('acme, partner') }),
    ]);
  });

  it('refuses the name of something that every object has', () => {
    expect(issuesOf({ idp: 'constructor', sp: 'partner' }).code).toBe('O2O_ORG_UNKNOWN');
  });

  it('refuses a base URL without https', () => {
    const error = issuesOf({ idp: 'acme', sp: 'partner', org2orgApp: { baseUrl: 'http://partner.okta.com' } });
    expect(error.code).toBe('O2O_SPEC_INVALID');
    expect(error.issues).toEqual([expect.objectContaining({ pointer: '/org2orgApp/baseUrl' })]);
  });

  it("refuses a base URL that is none of the SP org's, names those that are and where to register it", () => {
    const org2orgApp = { baseUrl: 'https://login.partner.com.evil.example' };
    const error = issuesOf({ idp: 'acme', sp: 'partner', org2orgApp });
    expect(error.code).toBe('O2O_SPEC_INVALID');
    expect(error.issues).toEqual([
      {
        pointer: '/org2orgApp/baseUrl',
        message: 'is no registered address of the org partner',
        fix: 'Use one of: https://partner.okta.com, https://login.partner.com; or add the address to orgs.partner.alsoAt in the org registry.',
      },
    ]);
  });

  it("refuses the IdP org's address as base URL", () => {
    const org2orgApp = { baseUrl: 'https://acme.okta.com' };
    expect(issuesOf({ idp: 'acme', sp: 'partner', org2orgApp }).code).toBe('O2O_SPEC_INVALID');
  });

  it('removes the trailing slash of a base URL and says so', () => {
    const document = FederationSpecDocument.parse({
      idp: 'acme',
      sp: 'partner',
      org2orgApp: { baseUrl: 'https://login.partner.com/' },
    });
    const { spec, notices } = normalizeFederationSpec(document, registry);
    expect(spec.org2orgApp.baseUrl).toBe('https://login.partner.com');
    expect(notices).toEqual([expect.stringContaining('/org2orgApp/baseUrl')]);
  });
});

describe('an org URL', () => {
  it.each(['https://acme.okta.com', 'https://acme.okta.com/', 'http://127.0.0.1:8080', 'http://localhost:1'])(
    'may be %s',
    (url) => {
      expect(normalizeOrgUrl(url)).toHaveProperty('url');
    },
  );

  it.each([
    'acme.okta.com',
    'http://acme.okta.com',
    'https://acme.okta.com/app',
    'https://user:pw@acme.okta.com',
    'https://acme.okta.com?x=1',
    'ftp://acme.okta.com',
  ])('may not be %s', (url) => {
    expect(normalizeOrgUrl(url)).toHaveProperty('wrong');
  });
});
