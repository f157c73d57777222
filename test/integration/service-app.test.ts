import { afterEach, describe, expect, it } from 'vitest';
import { OrgAdmin } from '../../demo/org-admin.js';
import { createServiceApp, scopesOf } from '../../demo/service-app.js';
import { findOrg } from '../../src/config/org-registry.js';
import { operationsOf } from '../../src/okta/needed-scopes.js';
import { problems } from '../world/problems.js';
import { startWorldWithoutWorkers } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

/** Lets the workers into the SP org by a service app that has consent for these scopes and asks for all that it needs. */
async function withServiceApp(consented: readonly string[], asked: readonly string[] = scopesOf.sp): Promise<string> {
  world = await startWorldWithoutWorkers();
  const { clientId, keyId, privateKey } = await createServiceApp(new OrgAdmin(world.sandbox.sp), consented);
  world.secrets.set('env:PARTNER_KEY', privateKey);
  const auth = { privateKey: { clientId, keyId, key: 'env:PARTNER_KEY', scopes: [...asked] } };
  world.orgs.set('partner', { ...findOrg(world.orgs, 'partner'), auth });
  await world.startWorkers();
  world.sandbox.requests.clear();
  return clientId;
}

async function stopped() {
  const { steps } = await world.setUp(withoutPeople());
  const step = steps.find(({ state }) => state === 'stopped');
  return { step: step?.name, problem: step?.problem };
}

describe('a worker with a service app', () => {
  it('needs no more than the scopes that the documentation names', async () => {
    await withServiceApp(scopesOf.sp);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });

  it('is told by a preflight about every operation that a setup asks for', async () => {
    await withServiceApp(scopesOf.sp);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    for (const role of ['idp', 'sp'] as const) {
      const asked = world.sandbox.requestsTo(role).flatMap(({ operation }) => operation ?? []);
      const known = [...operationsOf(role, 'oauth2'), 'oauth2Token', 'getWellknownOrgMetadata'];
      expect([...new Set(asked)].filter((operation) => !known.includes(operation))).toEqual([]);
    }
  });

  it.each(scopesOf.sp.filter((scope) => scope !== 'okta.logs.read'))(
    'stops before anything goes wrong without consent for %s, and goes on once it is given',
    async (missing) => {
      const clientId = await withServiceApp(scopesOf.sp.filter((scope) => scope !== missing));
      const { step, problem } = await stopped();
      expect({ step, code: problem?.code, org: problem?.org }).toEqual({
        step: 'targetApp',
        code: 'O2O_OKTA_CREDENTIALS_INVALID',
        org: 'partner',
      });
      expect(problem?.message).toContain('scope');
      await world.spAdmin.post(`/api/v1/apps/${clientId}/grants`, { scopeId: missing, issuer: world.sandbox.sp.url });
      expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    },
  );

  it('that does not ask for a scope stops at the step that needs it and names the scope', async () => {
    await withServiceApp(
      scopesOf.sp,
      scopesOf.sp.filter((scope) => scope !== 'okta.idps.manage'),
    );
    const { step, problem } = await stopped();
    expect({ step, code: problem?.code }).toEqual({ step: 'trustedCertificate', code: 'O2O_OKTA_PERMISSION_MISSING' });
    expect(problem?.fix).toContain('okta.idps.');
  });

  it('whose role was taken away stops and names the org', async () => {
    const clientId = await withServiceApp(scopesOf.sp);
    const roles = await world.spAdmin.get(`/oauth2/v1/clients/${clientId}/roles`);
    const [role] = Array.isArray(roles) ? roles : [];
    await world.spAdmin.delete(`/oauth2/v1/clients/${clientId}/roles/${role?.id}`);
    const { problem } = await stopped();
    expect(problem).toMatchObject({ code: 'O2O_OKTA_PERMISSION_MISSING', org: 'partner' });
    await world.spAdmin.post(`/oauth2/v1/clients/${clientId}/roles`, { type: 'SUPER_ADMIN' });
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
  });

  it('whose key is another one stops and says what Okta said', async () => {
    await withServiceApp(scopesOf.sp);
    const { privateKey } = await createServiceApp(new OrgAdmin(world.sandbox.idp), []);
    world.secrets.set('env:PARTNER_KEY', privateKey);
    const { step, problem } = await stopped();
    expect({ step, code: problem?.code, org: problem?.org }).toEqual({
      step: 'targetApp',
      code: 'O2O_OKTA_CREDENTIALS_INVALID',
      org: 'partner',
    });
    expect(JSON.stringify(problem)).not.toContain('PRIVATE KEY');
  });
});
