import { describe, expect, it } from 'vitest';
import { provisioningConnection } from '../../src/activities/provisioning-connection.js';
import { registeredSpOrg } from '../../src/activities/sp-address.js';
import type { OrgConfig, OrgRegistry } from '../../src/config/org-registry.js';
import { federationInput } from '../domain/federation-input.js';
import { openTestSession } from '../okta/support/open-session.js';

const partner: OrgConfig = {
  name: 'partner',
  url: 'https://partner.okta.com',
  alsoAt: [],
  auth: null,
  specificationSecrets: [],
  requestTimeoutMs: 5_000,
};
const customDomain = 'https://login.partner.com';
const input = federationInput(
  { org2orgApp: { baseUrl: customDomain }, provisioning: { auth: 'token', token: 'env:SP_TOKEN' } },
  { org2orgAppId: '0oaOrg2Org' },
);
const refusal = { code: 'O2O_ADDRESS_NOT_ALLOWED', problem: { org: 'acme', retryable: false } };

const registries: [string, OrgRegistry][] = [
  ['does not know the SP org', new Map()],
  ['knows the SP org at another address', new Map([['partner', partner]])],
  [
    'knows the address as one of another org',
    new Map([
      ['partner', partner],
      ['other', { ...partner, url: customDomain }],
    ]),
  ],
];

describe('a worker whose own registry', () => {
  it.each(registries)('%s does not take the SP org from a specification', (_, orgs) => {
    expect(() => registeredSpOrg(orgs, input)).toThrow(expect.objectContaining({ code: refusal.code }));
  });

  it.each(registries)('%s neither reads the SP token nor connects with it', async (_, orgs) => {
    const resolved: string[] = [];
    const connection = provisioningConnection(async (reference) => {
      resolved.push(reference);
      return 'token-of-a-test';
    }, orgs);
    const change = {
      org: 'acme',
      resource: 'provisioningConnection',
      write: 'connect',
      summary: 'Connect',
      fields: [],
      reversible: true,
    } as const;
    const session = openTestSession('http://127.0.0.1:1');
    const seen = { connection: null, tokenFingerprint: null };
    await expect(connection.write(session, input, seen, change)).rejects.toMatchObject(refusal);
    expect(resolved).toEqual([]);
  });

  it.each([
    ['url', { ...partner, url: customDomain }],
    ['alsoAt', { ...partner, alsoAt: [customDomain] }],
  ])('has the address under %s of the SP org takes that org from its registry', (_, known) => {
    expect(registeredSpOrg(new Map([['partner', known]]), input)).toBe(known);
  });
});
