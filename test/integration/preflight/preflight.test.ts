import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scopesOf } from '../../../demo/service-app.js';
import { inConsole } from '../../../sandbox/control/console.js';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { federateByHand, HandMadeFederation } from '../../../sandbox/control/hand-made-federation.js';
import { findOrg } from '../../../src/config/org-registry.js';
import { byServiceApp, named, preflightOf, preflightOnce, told } from '../../world/preflights.js';
import { startWorldWithoutWorkers } from '../../world/start-world.js';
import { type World, withoutPeople } from '../../world/world.js';

let world: World;

beforeEach(async () => {
  world = await startWorldWithoutWorkers();
});

afterEach(() => world.stop());

/** What the IdP org's app needs besides so that the worker sees its own roles and consents. */
const seesItself = [...scopesOf.idp, 'okta.roles.read', 'okta.appGrants.read'];

async function preflight(document?: Record<string, unknown>) {
  await world.startWorkers();
  return preflightOf(world, document);
}

describe('a preflight of two orgs that can be federated', () => {
  it('fails no check, and tells what only an administrator can see', async () => {
    const found = await preflight();
    expect(named(found.checks, 'failed')).toEqual([]);
    expect(named(found.checks, 'unknown')).toEqual(['org2orgAvailable', 'targetApp']);
    expect(found.verdict).toMatchObject({ result: 'unknown', check: null });
    expect(told(found, 'isOkta-acme')).toEqual(['passed', expect.stringContaining('Identity Engine')]);
    expect(told(found, 'jitSwitch')).toEqual(['unknown', expect.stringContaining('Customizations > Other')]);
  });

  it('passes every check once they are federated, and names the federation that has the pair', async () => {
    await world.startWorkers();
    await world.setUp(withoutPeople());
    const found = await preflightOf(world);
    expect([named(found.checks, 'failed'), named(found.checks, 'unknown')]).toEqual([[], []]);
    expect(found.verdict).toMatchObject({ result: 'passed', fix: null });
    expect(told(found, 'pair')).toEqual(['failed', expect.stringContaining('the federation acme-to-partner')]);
  });

  it('with the rights that the documentation names: none missing, none too many', async () => {
    await byServiceApp(world, 'idp', { granted: seesItself, roles: ['APP_ADMIN', 'USER_ADMIN'] });
    await byServiceApp(world, 'sp', { granted: scopesOf.sp });
    const found = await preflight();
    expect(named(found.checks, 'failed')).toEqual([]);
    expect(named(found.advice, 'failed')).toEqual([]);
    expect(told(found, 'role-acme')[0]).toBe('unknown');
    expect(told(found, 'role-partner')).toEqual(['passed', expect.stringContaining('SUPER_ADMIN')]);
  });
});

describe('a preflight names rights that are', () => {
  it('missing: a scope that the worker does not ask for, and what needs it', async () => {
    const asked = scopesOf.sp.filter((scope) => scope !== 'okta.idps.manage');
    await byServiceApp(world, 'sp', { granted: scopesOf.sp, asked });
    const found = await preflight();
    expect(found.verdict.check).toBe('scopes-partner');
    expect(found.verdict.sentence).toMatch(/okta\.idps\.manage \(for .*IdentityProvider/);
    expect(found.verdict.fix).toContain('Grant okta.idps.manage');
  });

  it('missing: a scope that was not granted, for which Okta refuses the whole sign-in', async () => {
    const granted = scopesOf.sp.filter((scope) => scope !== 'okta.groups.manage');
    await byServiceApp(world, 'sp', { granted, asked: scopesOf.sp });
    const found = await preflight();
    expect(found.verdict.check).toBe('credentials-partner');
    expect(told(found, 'scopes-partner')).toEqual([
      'failed',
      expect.stringContaining('okta.groups.manage is asked for, but not granted'),
    ]);
  });

  it('missing: a role that may write', async () => {
    await byServiceApp(world, 'idp', { granted: seesItself, roles: ['READ_ONLY_ADMIN'] });
    const found = await preflight();
    expect(found.verdict).toMatchObject({ check: 'role-acme', result: 'failed' });
    expect(found.verdict.fix).toContain('APP_ADMIN and USER_ADMIN');
  });

  it('missing: every role, where Okta shows empty lists', async () => {
    await byServiceApp(world, 'idp', { granted: seesItself, roles: [] });
    const found = await preflight();
    expect(found.verdict).toMatchObject({ check: 'role-acme', result: 'failed' });
  });

  it('unseen: the roles of a service app that may not read them', async () => {
    await byServiceApp(world, 'idp', { granted: scopesOf.idp });
    expect(told(await preflight(), 'role-acme')).toEqual(['unknown', expect.stringContaining('okta.roles.read')]);
  });

  it('too many: a scope that nothing needs, and a role that allows more', async () => {
    await byServiceApp(world, 'idp', { granted: [...seesItself, 'okta.policies.manage'], asked: seesItself });
    const found = await preflight();
    expect(named(found.checks, 'failed')).toEqual([]);
    expect(told(found, 'excessScopes-acme')).toEqual(['failed', expect.stringContaining('okta.policies.manage')]);
    expect(told(found, 'excessRole-acme')).toEqual(['failed', expect.stringContaining('SUPER_ADMIN')]);
  });
});

describe('the verdict of a preflight names', () => {
  const at = (org: string, url: string) => world.orgs.set(org, { ...findOrg(world.orgs, org), url });
  const nobody = 'http://127.0.0.1:9';

  it('an org that does not answer', async () => {
    at('partner', nobody);
    expect((await preflight()).verdict).toMatchObject({ check: 'reachable-partner', result: 'failed' });
  });

  it('an address that is not of an Okta org', async () => {
    at('partner', world.sandbox.targetApp.url);
    const { verdict } = await preflight();
    expect(verdict).toMatchObject({ check: 'isOkta-partner', result: 'failed' });
    expect(verdict.fix).toContain('orgs.partner.url');
  });

  it('one org under two names', async () => {
    world.orgs.set('partner', { ...findOrg(world.orgs, 'acme'), name: 'partner' });
    expect((await preflight()).verdict).toMatchObject({ check: 'twoOrgs', result: 'failed' });
  });

  it('credentials that are refused', async () => {
    world.secrets.set('env:PARTNER_TOKEN', '00wrong');
    expect((await preflight()).verdict).toMatchObject({ check: 'credentials-partner', result: 'failed' });
  });

  it('orgs that are mixed up', async () => {
    await federateByHand(world.sandbox, HandMadeFederation.parse({ provisioning: false }));
    const { verdict } = await preflight(withoutPeople({ idp: 'partner', sp: 'acme', assignments: {} }));
    expect(verdict).toMatchObject({ check: 'direction', result: 'failed' });
    expect(verdict.fix).toContain('write it under idp');
  });

  it('groups and users who are not there', async () => {
    const assignments = { groups: ['Nobody'], users: ['nobody@acme.example'] };
    const { verdict } = await preflight(withoutPeople({ assignments }));
    expect(verdict).toMatchObject({ check: 'assignments', result: 'failed' });
    expect(verdict.sentence).toContain('no group Nobody');
  });

  it('a target app to adopt that is not there', async () => {
    const { verdict } = await preflight(
      withoutPeople({ targetApp: { mode: 'adopt', label: 'None', consoleWork: false } }),
    );
    expect(verdict).toMatchObject({ check: 'targetApp', result: 'failed' });
  });

  it('the name of an identity provider that is taken', async () => {
    await federateByHand(world.sandbox, HandMadeFederation.parse({ provisioning: false }));
    const [app] = world.sandbox.idp.org.apps.filter(({ name }) => name === 'okta_org2org');
    await world.idpAdmin.post(`/api/v1/apps/${app?.id}/lifecycle/deactivate`);
    await world.idpAdmin.delete(`/api/v1/apps/${app?.id}`);
    const { verdict } = await preflight(withoutPeople({ identityProvider: { name: 'IdP org federation' } }));
    expect(verdict).toMatchObject({ check: 'identityProviderName', result: 'failed' });
    expect(verdict.fix).toContain('identityProvider.name');
  });

  it('clocks that are apart', async () => {
    world.sandbox.sp.org.clock.advance(600_000);
    const found = await preflight();
    expect(found.verdict).toMatchObject({ check: 'clock-partner', result: 'failed' });
    expect(told(found, 'clocks')).toEqual(['failed', expect.stringContaining('maxClockSkew')]);
  });

  it('an SP token whose owner is no super admin', async () => {
    const owner = await world.spAdmin.addUser('robot@partner.example', 'Planted-Secret-4711');
    await world.spAdmin.post(`/api/v1/users/${owner}/roles`, { type: 'READ_ONLY_ADMIN' });
    const made = await inConsole(world.sandbox, { action: 'createApiToken', org: 'sp', owner, name: 'Org2Org' });
    world.secrets.set('env:ORG2ORG_TOKEN', String(made.token));
    const { verdict } = await preflight(withoutPeople({ provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } }));
    expect(verdict).toMatchObject({ check: 'spTokenOwner', result: 'failed' });
    expect(verdict.fix).toContain('Super Admin');
  });

  it('an SP token that is not there', async () => {
    const { verdict } = await preflight(withoutPeople({ provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } }));
    expect(verdict).toMatchObject({ check: 'spTokenAccepted', result: 'failed' });
  });
});

describe('a preflight advises on', () => {
  it('a label that another Org2Org app has', async () => {
    await world.idpAdmin.post('/api/v1/apps', {
      name: 'okta_org2org',
      label: 'Org2Org to partner',
      signOnMode: 'SAML_2_0',
      settings: { app: { baseUrl: 'https://elsewhere.okta.com' } },
    });
    const found = await preflight();
    expect(named(found.checks, 'failed')).toEqual([]);
    expect(told(found, 'org2orgAppLabel')).toEqual(['failed', expect.stringContaining('org2orgApp.label')]);
  });

  it('a rate limit that is used up', async () => {
    world.sandbox.faults.add(
      FaultRequest.parse({ org: 'sp', operation: 'listApplications', kind: 'rateLimit', count: null }),
    );
    await world.startWorkers();
    expect(told(await preflightOnce(world), 'rateBudget-partner')).toEqual([
      'failed',
      expect.stringContaining('Rate limits'),
    ]);
  });
});

describe('an org that nobody serves', () => {
  it('leaves its checks unknown, and those of the other org stand', async () => {
    world.orgs.set('partner', { ...findOrg(world.orgs, 'partner'), auth: null });
    const found = await preflight();
    expect(named(found.checks, 'failed')).toEqual([]);
    expect(told(found, 'reachable-partner')).toEqual(['unknown', expect.stringContaining('No worker serves')]);
    expect(told(found, 'credentials-acme')[0]).toBe('passed');
  });
});
