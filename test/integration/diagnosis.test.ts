import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Diagnoses } from '../../src/commands/diagnosis.js';
import { catalogue, type Org2OrgError } from '../../src/domain/errors.js';
import { bearer, startApi } from '../api/api.js';
import { DiagnosedWorld, notPassed, password } from '../world/diagnosis-world.js';
import { withoutPeople } from '../world/world.js';

let here: DiagnosedWorld;

describe('in a federation with OAuth 2.0', () => {
  beforeAll(async () => {
    here = await DiagnosedWorld.start(withoutPeople());
  });
  afterAll(() => here.stop());

  it('a user whom nothing keeps out passes every check, before and after the first sign-on', async () => {
    const { login } = await here.healthy('hedy');
    const before = await here.diagnose(login);
    expect(notPassed(before)).toEqual([]);
    expect(before.verdict).toMatchObject({ result: 'passed', check: null, fix: null });
    await here.signOn(login);
    const after = await here.diagnose(login);
    expect(notPassed(after)).toEqual([]);
    expect(after.checks.find(({ name }) => name === 'lastSignIn')?.detail).toMatch(/^at /);
  });

  it('a user who arrived through a group of the specification passes every check', async () => {
    const { checks } = await here.diagnose('grace@acme.example');
    expect(checks.filter(({ result }) => result !== 'passed')).toEqual([]);
  });

  it('no check tells a login, a name or an address of a person', async () => {
    const { login, spId } = await here.healthy('mileva');
    await here.world.spAdmin.post(`/api/v1/users/${spId}/lifecycle/suspend`);
    const text = JSON.stringify(await here.diagnose(login)).toLowerCase();
    expect(text).not.toContain('mileva');
  });

  describe('the verdict names what is wrong with the user in the IdP org:', () => {
    it('nobody has the login', async () => {
      expect(await here.verdictOn('nobody@acme.example')).toEqual({
        check: 'idpUser',
        told: expect.stringContaining('Correct the login'),
      });
    });

    it('the user is suspended', async () => {
      const { login, idpId } = await here.healthy('suspended-here');
      await here.world.idpAdmin.post(`/api/v1/users/${idpId}/lifecycle/suspend`);
      expect(await here.verdictOn(login)).toEqual({
        check: 'idpUserActive',
        told: expect.stringContaining('Unsuspend'),
      });
    });

    it('the user is not assigned to the Org2Org app', async () => {
      const { login } = await here.newcomer('unassigned');
      expect(await here.verdictOn(login)).toEqual({
        check: 'assigned',
        told: expect.stringMatching(/first of the two assignments.*Onboard the user.*Partner users/),
      });
    });

    it('the user was unassigned', async () => {
      const { login, idpId } = await here.healthy('taken-away');
      await here.unassign(idpId);
      expect((await here.verdictOn(login)).check).toBe('assigned');
    });

    it('the user was assigned before provisioning was on', async () => {
      const { login, idpId } = await here.newcomer('too-early');
      await here.connection('deactivate');
      await here.assign(idpId);
      await here.connection('activate');
      expect(await here.verdictOn(login)).toEqual({
        check: 'provisioned',
        told: expect.stringMatching(/before provisioning was on.*Provision User/),
      });
    });

    it('the initial status is none that Org2Org knows', async () => {
      const { login, idpId } = await here.newcomer('odd-status');
      await here.assign(idpId, { initialStatus: 'active' });
      expect(await here.verdictOn(login)).toEqual({
        check: 'provisioned',
        told: expect.stringMatching(/notOneOf.*initialStatus.*active_with_pass/),
      });
    });
  });

  describe('the verdict names who must not be linked:', () => {
    it('an administrator of the SP org', async () => {
      const { login } = await here.newcomer('root');
      const spId = await here.world.spAdmin.addUser(login, password);
      await here.world.spAdmin.post(`/api/v1/users/${spId}/roles`, { type: 'HELP_DESK_ADMIN' });
      expect(await here.verdictOn(login)).toEqual({
        check: 'spUserLinkable',
        told: expect.stringMatching(/HELP_DESK_ADMIN.*another login in the IdP org/),
      });
    });

    it("another identity provider's user", async () => {
      const { login } = await here.newcomer('theirs');
      const spId = await here.world.spAdmin.addUser(login, password);
      await here.linkElsewhere(spId);
      expect(await here.verdictOn(login)).toEqual({
        check: 'spUserLinkable',
        told: expect.stringContaining('belongs to the identity provider'),
      });
    });
  });

  describe('the verdict names what is wrong with the connection:', () => {
    let login: string;
    beforeAll(async () => {
      ({ login } = await here.healthy('ordinary'));
    });

    it('it is off', async () => {
      await here.connection('deactivate');
      const said = await here.verdictOn(login);
      await here.connection('activate');
      expect(said).toEqual({ check: 'connectionEnabled', told: expect.stringContaining('activates the connection') });
    });

    it('the Base URL ends with a slash', async () => {
      await here.withApp({ 'settings.app.baseUrl': `${here.world.sandbox.sp.url}/` }, async () => {
        expect(await here.verdictOn(login)).toEqual({
          check: 'baseUrl',
          told: expect.stringContaining('ends with a slash'),
        });
      });
    });

    it("the Base URL is another org's", async () => {
      await here.withApp({ 'settings.app.baseUrl': 'https://elsewhere.example' }, async () => {
        expect(await here.verdictOn(login)).toEqual({
          check: 'baseUrl',
          told: expect.stringContaining('https://elsewhere.example'),
        });
      });
    });

    it('the service client lost its role, and pushes are forbidden', async () => {
      const newcomer = await here.newcomer('forbidden');
      await here.withoutClientRole('USER_ADMIN', async () => {
        await here.assign(newcomer.idpId);
        expect(await here.verdictOn(newcomer.login)).toEqual({
          check: 'serviceClient',
          told: expect.stringMatching(/lacking: USER_ADMIN.*same PUT/),
        });
      });
      expect(await here.verdictOn(newcomer.login)).toEqual({
        check: 'provisioned',
        told: expect.stringMatching(/may not do this in the SP org.*403.*retry/i),
      });
    });

    it('Create Users is off', async () => {
      await here.withoutFeature('create.lifecycleCreate', async () => {
        expect((await here.verdictOn(login)).check).toBe('createUsers');
      });
    });

    it('Deactivate Users is off, which lets leavers stay', async () => {
      await here.withoutFeature('update.lifecycleDeactivate', async () => {
        expect((await here.verdictOn(login)).check).toBe('deactivateUsers');
      });
    });
  });

  describe('the verdict names what is wrong with the trust between the orgs:', () => {
    let login: string;
    beforeAll(async () => {
      ({ login } = await here.healthy('trusting'));
    });

    it.each([
      ['audience', { 'settings.app.audRestriction': 'https://www.okta.com/saml2/service-provider/other' }],
      ['acsUrl', { 'settings.app.acsUrl': 'https://elsewhere.example/sso/saml2/0oa' }],
      ['overrides', { 'settings.signOn.audienceOverride': 'https://elsewhere.example' }],
    ])('%s in the Org2Org app', async (check, settings) => {
      await here.withApp(settings, async () => {
        expect(await here.verdictOn(login)).toEqual({ check, told: expect.stringContaining('same PUT') });
      });
    });

    it('issuer in the identity provider', async () => {
      await here.withProvider({ 'protocol.credentials.trust.issuer': `${here.known('issuer')}/` }, async () =>
        expect((await here.verdictOn(login)).check).toBe('issuer'),
      );
    });

    it('certificate in the identity provider', async () => {
      const other = await here.anotherTrustedKey();
      await here.withProvider({ 'protocol.credentials.trust.kid': other }, async () =>
        expect((await here.verdictOn(login)).check).toBe('certificate'),
      );
    });

    it('the identity provider is inactive', async () => {
      await here.provider('deactivate');
      const said = await here.verdictOn(login);
      await here.provider('activate');
      expect(said.check).toBe('identityProviderActive');
    });

    it('the subject is made of something else', async () => {
      await here.withProvider({ 'policy.subject.userNameTemplate.template': 'idpuser.email' }, async () =>
        expect((await here.verdictOn(login)).check).toBe('subjectTemplate'),
      );
    });

    it('the filter keeps the user out', async () => {
      await here.withProvider({ 'policy.subject.filter': '(\\S+@elsewhere\\.example)' }, async () =>
        expect(await here.verdictOn(login)).toEqual({
          check: 'subjectFilter',
          told: expect.stringContaining('identityProvider.subjectFilter'),
        }),
      );
    });

    it('a failed sign-on whose cause was mended since is told, and no verdict', async () => {
      const person = await here.healthy('patient');
      await here.withApp({ 'settings.app.audRestriction': 'https://elsewhere.example' }, () =>
        here.signOn(person.login),
      );
      const diagnosis = await here.diagnose(person.login);
      const last = diagnosis.checks.find(({ name }) => name === 'lastSignIn');
      expect(diagnosis.verdict.result).toBe('unknown');
      expect(last?.result).toBe('unknown');
      expect(last?.detail).toMatch(/another audience.*in order now/);
      await here.signOn(person.login);
      expect((await here.diagnose(person.login)).verdict.result).toBe('passed');
    });
  });

  describe('the verdict names what is wrong with the user in the SP org:', () => {
    it.each([
      ['suspend', 'resume'],
      ['deactivate', 'reactivate'],
    ])('a user after %s needs the transition %s', async (write, transition) => {
      const { login, spId } = await here.healthy(`after-${write}`);
      await here.world.spAdmin.post(`/api/v1/users/${spId}/lifecycle/${write}`);
      expect(await here.verdictOn(login)).toEqual({
        check: 'spUserStatus',
        told: expect.stringContaining(`transition ${transition}`),
      });
    });

    it('the user is gone', async () => {
      const { login, spId } = await here.healthy('deleted');
      await here.world.spAdmin.delete(`/api/v1/users/${spId}`);
      await here.world.spAdmin.delete(`/api/v1/users/${spId}`);
      expect(await here.verdictOn(login)).toEqual({
        check: 'spUser',
        told: expect.stringContaining('creates the user anew'),
      });
    });

    it('somebody gave the user another login', async () => {
      const { login, spId } = await here.healthy('renamed');
      await here.world.spAdmin.post(`/api/v1/users/${spId}`, { profile: { login: 'someone-else@partner.example' } });
      expect((await here.verdictOn(login)).check).toBe('subjectMatches');
    });

    it('the user belongs to another identity provider, and accounts are not linked by themselves', async () => {
      const { login, spId } = await here.healthy('linked-elsewhere');
      const other = await here.linkElsewhere(spId);
      await here.withProvider({ 'policy.accountLink.action': 'DISABLED' }, async () =>
        expect(await here.verdictOn(login)).toEqual({
          check: 'accountLink',
          told: expect.stringContaining(`linked to ${other}`),
        }),
      );
    });

    it('the profile is mastered by another system', async () => {
      const { login, idpId } = await here.healthy('mastered');
      await here.withProvider({ 'policy.provisioning.profileMaster': true }, () => here.signOn(login));
      await here.world.idpAdmin.post(`/api/v1/users/${idpId}`, { profile: { lastName: 'Changed' } });
      await here.world.sandbox.idle();
      expect(await here.verdictOn(login)).toEqual({
        check: 'provisioned',
        told: expect.stringMatching(/E0000023.*profileMaster/),
      });
    });

    it('access to the target app is missing', async () => {
      const { login, spId } = await here.healthy('no-access');
      await here.world.spAdmin.delete(`/api/v1/groups/${here.known('accessGroupId')}/users/${spId}`);
      await here.world.sandbox.idle();
      expect(await here.verdictOn(login)).toEqual({
        check: 'targetAppAssigned',
        told: expect.stringMatching(/second of the two assignments.*not in the access group.*Onboard/),
      });
    });
  });

  describe('the API', () => {
    const ask = async (federation: string, login: string) => {
      const api = await startApi(here.world.client);
      const url = `/v1/federations/${federation}/users/${encodeURIComponent(login)}/diagnosis`;
      return api.inject({ method: 'GET', url, headers: bearer('viewer') });
    };

    it.each(["o'brien+new@acme.example", 'a/b%c@acme.example', 'Zoë@acme.example', `${'x'.repeat(87)}@acme.example`])(
      'diagnoses %s',
      async (login) => {
        await here.newcomer(login);
        const answer = await ask(here.federationId, login);
        expect([answer.statusCode, answer.json().verdict?.check]).toEqual([200, 'assigned']);
      },
    );

    it('answers 404 for a federation that does not exist', async () => {
      const answer = await ask('no-such', 'ada@acme.example');
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'O2O_FEDERATION_NOT_FOUND']);
    });

    it('answers 504 where nobody carries the diagnosis out in time', async () => {
      await here.world.stopWorkers();
      const asked = new Diagnoses(here.world.client, 1_000).diagnose(here.federationId, 'ada@acme.example');
      const code = await asked.catch((error: Org2OrgError) => error.code);
      await here.world.startWorkers();
      expect([code, catalogue.O2O_DIAGNOSIS_TOO_SLOW.status]).toEqual(['O2O_DIAGNOSIS_TOO_SLOW', 504]);
    });

    it('is found in Temporal by its federation, and tells no login there', async () => {
      await ask(here.federationId, 'ada@acme.example');
      const found = [];
      const query = `O2OFederation = '${here.federationId}' AND O2OKind = 'diagnosis'`;
      while (found.length === 0)
        for await (const each of here.world.client.workflow.list({ query })) found.push(each.workflowId);
      expect(found[0]).toMatch(/^diagnosis\/acme-to-partner\/[0-9a-f]{32}\//);
    });
  });

  describe('at last, the verdict names an app that is off:', () => {
    it('the access group is not assigned to the target app', async () => {
      const { login } = await here.healthy('group-gone');
      const path = `/api/v1/apps/${here.known('targetAppId')}/groups/${here.known('accessGroupId')}`;
      await here.world.spAdmin.delete(path);
      await here.world.sandbox.idle();
      const said = await here.verdictOn(login);
      await here.world.spAdmin.put(path);
      await here.world.sandbox.idle();
      expect(said).toEqual({ check: 'accessGroup', told: expect.stringContaining('assigns the group') });
    });

    it('the target app', async () => {
      const { login } = await here.healthy('target-off');
      await here.world.spAdmin.post(`/api/v1/apps/${here.known('targetAppId')}/lifecycle/deactivate`);
      await here.world.sandbox.idle();
      expect((await here.verdictOn(login)).check).toBe('targetAppActive');
    });

    it('the identity provider is gone', async () => {
      const { login } = await here.healthy('provider-gone');
      await here.provider('deactivate');
      await here.world.spAdmin.delete(`/api/v1/idps/${here.known('identityProviderId')}`);
      expect((await here.verdictOn(login)).check).toBe('identityProviderActive');
    });

    it('the Org2Org app', async () => {
      const { login } = await here.newcomer('app-off');
      await here.world.idpAdmin.post(`/api/v1/apps/${here.known('org2orgAppId')}/lifecycle/deactivate`);
      await here.world.sandbox.idle();
      expect((await here.verdictOn(login)).check).toBe('org2orgAppActive');
    });
  });
});
