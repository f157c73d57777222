import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inConsole } from '../../sandbox/control/console.js';
import { DiagnosedWorld, notPassed, password, resultsOf } from '../world/diagnosis-world.js';
import { withoutPeople } from '../world/world.js';

let here: DiagnosedWorld;

describe('in a federation with an API token', () => {
  const withToken = (features: Record<string, boolean> = {}) =>
    withoutPeople({ provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN', features } });
  let ownerId: string;

  beforeAll(async () => {
    here = await DiagnosedWorld.start(withToken(), async (world) => {
      ownerId = await world.spAdmin.addUser('robot@partner.example', password);
      await world.spAdmin.post(`/api/v1/users/${ownerId}/roles`, { type: 'SUPER_ADMIN' });
      const made = await inConsole(world.sandbox, {
        action: 'createApiToken',
        org: 'sp',
        owner: ownerId,
        name: 'Org2Org',
      });
      world.secrets.set('env:ORG2ORG_TOKEN', String(made.token));
    });
  });
  afterAll(() => here.stop());

  it('a healthy user passes every check', async () => {
    const { login } = await here.healthy('hedy');
    expect(notPassed(await here.diagnose(login))).toEqual([]);
  });

  describe('that creates users at their first sign-on', () => {
    const assigned: string[] = [];
    const assignedOnly = async (name: string) => {
      const { login, idpId } = await here.newcomer(name);
      await here.assign(idpId);
      assigned.push(idpId);
      return login;
    };

    beforeAll(() => here.setUp(withToken({ create: false })));
    afterAll(async () => {
      for (const idpId of assigned) await here.unassign(idpId);
    });

    it('a user who never signed on is neither kept out nor proven, and needs the target app afterwards', async () => {
      const login = await assignedOnly('first-time');
      const diagnosis = await here.diagnose(login);
      expect(resultsOf(diagnosis)).toMatchObject({ provisioned: 'passed', spUser: 'unknown' });
      expect(diagnosis.verdict.result).toBe('unknown');
      await here.signOn(login);
      expect((await here.verdictOn(login)).check).toBe('targetAppAssigned');
    });

    it('the verdict names just-in-time provisioning that is off in the identity provider', async () => {
      const login = await assignedOnly('jit-off');
      await here.withProvider({ 'policy.provisioning.action': 'DISABLED' }, async () =>
        expect((await here.verdictOn(login)).check).toBe('jit'),
      );
    });

    it('the verdict names the switch of the SP org, which only a refused sign-on shows', async () => {
      const login = await assignedOnly('org-jit-off');
      await inConsole(here.world.sandbox, { action: 'setJit', org: 'sp', on: false });
      await here.signOn(login);
      const said = await here.verdictOn(login);
      await inConsole(here.world.sandbox, { action: 'setJit', org: 'sp', on: true });
      expect(said).toEqual({
        check: 'lastSignIn',
        told: expect.stringMatching(/User Not Found.*Customizations > Other/),
      });
    });
  });

  it('the verdict names a token whose owner was deactivated', async () => {
    await here.setUp(withToken());
    const { login } = await here.healthy('before-the-owner-left');
    await here.world.spAdmin.post(`/api/v1/users/${ownerId}/lifecycle/deactivate`);
    const later = await here.newcomer('after-the-owner-left');
    await here.assign(later.idpId);
    const said = { check: 'connectionCredentials', told: expect.stringMatching(/credentials.*new API token/) };
    expect(await here.verdictOn(later.login)).toEqual(said);
    expect(await here.verdictOn(login)).toEqual(said);
    const tokens = (await here.diagnose(login)).checks.find(({ name }) => name === 'spTokens');
    expect([tokens?.result, tokens?.detail]).toEqual(['unknown', expect.stringContaining('DEPROVISIONED')]);
  });
});
