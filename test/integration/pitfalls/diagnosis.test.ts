import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DiagnosedWorld, password } from '../../world/diagnosis-world.js';
import { id, objects } from '../../world/okta-admin.js';
import { withoutPeople } from '../../world/world.js';

const nameFormat = 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified';

let here: DiagnosedWorld;

beforeAll(async () => {
  here = await DiagnosedWorld.start(withoutPeople());
});
afterAll(() => here.stop());

/** What one check of a diagnosis says, with its fix. */
async function said(login: string, name: string): Promise<readonly [result: string, told: string]> {
  const check = (await here.diagnose(login)).checks.find((found) => found.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return [check.result, `${check.detail}; ${check.fix ?? ''}`];
}

const statusOf = (org: 'idp' | 'sp', userId: string) => here.world.sandbox[org].org.users.get(userId)?.status;

describe('a diagnosis names, with its fix, the pitfall of provisioning:', () => {
  /** Has the connection ask for a new token at its next push. */
  async function renewConnection(): Promise<void> {
    const path = `/api/v1/apps/${here.known('org2orgAppId')}/connections/default`;
    const { profile } = z.looseObject({ profile: z.unknown() }).parse(await here.world.idpAdmin.get(path));
    await here.world.idpAdmin.post(path, { profile });
  }

  it('403 or nothing: the service client lacks consent for a scope', async () => {
    const { login, idpId } = await here.newcomer('without-consent');
    const grants = `/api/v1/apps/${here.known('serviceClientId')}/grants`;
    const scopeId = 'okta.users.manage';
    const grant = objects(await here.world.spAdmin.get(grants)).find((found) => found.scopeId === scopeId);
    await renewConnection();
    await here.world.spAdmin.delete(`${grants}/${id(grant)}`);
    await here.assign(idpId);
    const [verdict, credentials] = [await here.verdictOn(login), await said(login, 'connectionCredentials')];
    await here.world.spAdmin.post(grants, { scopeId, issuer: here.world.sandbox.sp.url });
    expect(verdict).toEqual({
      check: 'serviceClient',
      told: expect.stringMatching(/lacking: okta\.users\.manage.*same PUT.*roles and scopes/),
    });
    expect(credentials).toEqual([
      'failed',
      expect.stringMatching(/Not authorized.*same PUT.*mends the service client/),
    ]);
    // A push that goes through shows that the credentials are mended.
    await here.assign((await here.newcomer('with-consent-again')).idpId);
  });

  it('group push: 403, the role cannot create groups', async () => {
    const { login, idpId } = await here.healthy('member-of-a-pushed-group');
    const { idpAdmin, sandbox } = here.world;
    const sourceGroupId = await idpAdmin.addGroup('Pushed', [idpId]);
    const mapping = { sourceGroupId, targetGroupName: 'Pushed', status: 'ACTIVE' };
    await idpAdmin.post(`/api/v1/apps/${here.known('org2orgAppId')}/group-push/mappings`, mapping);
    await sandbox.idle();
    expect(await here.verdictOn(login)).toEqual({
      check: 'groupPush',
      told: expect.stringMatching(/403.*Take the group out of Push Groups.*custom role that may create groups/),
    });
  });

  it('users land STAGED: the assignment has the wrong initialStatus', async () => {
    const { login, idpId } = await here.newcomer('pending');
    await here.assign(idpId, { initialStatus: 'pending_without_pass' });
    await here.withProvider({ 'policy.provisioning.action': 'DISABLED' }, async () =>
      expect(await here.verdictOn(login)).toEqual({
        check: 'spUserStatus',
        told: expect.stringMatching(/STAGED.*initialStatus active_with_pass/),
      }),
    );
  });

  it('the profile is mastered by another system after a sign-on', async () => {
    const { login } = await here.healthy('mastered-by-sign-on');
    await here.withProvider({ 'policy.provisioning.profileMaster': true }, async () => {
      expect(await here.signOn(login)).toBe(true);
      expect(await here.verdictOn(login)).toEqual({
        check: 'profileMaster',
        told: expect.stringMatching(/profileMaster true.*same PUT/),
      });
    });
  });

  it('deactivated in the IdP org, active in the SP org: Deactivate Users is off', async () => {
    const { login, idpId, spId } = await here.healthy('leaver-who-stays');
    await here.withoutFeature('update.lifecycleDeactivate', async () => {
      await here.world.idpAdmin.post(`/api/v1/users/${idpId}/lifecycle/deactivate`);
      await here.world.sandbox.idle();
      expect([statusOf('idp', idpId), statusOf('sp', spId)]).toEqual(['DEPROVISIONED', 'ACTIVE']);
      expect(await said(login, 'deactivateUsers')).toEqual([
        'failed',
        expect.stringMatching(/DISABLED, specified on.*same PUT/),
      ]);
    });
  });

  it('users come from Org2Org and a directory', async () => {
    const { login, idpId } = await here.newcomer('of-a-directory');
    const spId = await here.world.spAdmin.addUser(login, password);
    const imported = here.world.sandbox.sp.org.users.get(spId);
    Object.assign(imported ?? {}, { provider: { type: 'ACTIVE_DIRECTORY', name: 'corp' }, masteredBy: 'corp' });
    await here.assign(idpId);
    expect(await here.verdictOn(login)).toEqual({
      check: 'spUserLinkable',
      told: expect.stringMatching(/mastered by ACTIVE_DIRECTORY.*another login/),
    });
    expect(await said(login, 'provisioned')).toEqual(['failed', expect.stringMatching(/E0000023.*profile source/)]);
    expect(await said(login, 'credentialProvider')).toEqual([
      'failed',
      expect.stringMatching(/cannot be sourced by Org2Org and a directory: disconnect/),
    ]);
  });

  it('nobody is created: Create Users is off', async () => {
    const { login, idpId } = await here.newcomer('not-created');
    await here.withoutFeature('create.lifecycleCreate', async () => {
      await here.assign(idpId);
      expect(await here.verdictOn(login)).toEqual({
        check: 'createUsers',
        told: expect.stringMatching(/DISABLED, specified on.*same PUT/),
      });
    });
  });
});

describe('a diagnosis names, with its fix, the pitfall of sign-on:', () => {
  let login: string;
  beforeAll(async () => {
    ({ login } = await here.healthy('signs-on'));
  });

  /** The failed sign-on of the user, and what the diagnosis says of it. */
  async function refused(name: string) {
    expect(await here.signOn(name)).toBe(false);
    return { verdict: await here.verdictOn(name), last: await said(name, 'lastSignIn') };
  }

  it('unable to transform the subject to a username, which the push never shows', async () => {
    await here.withProvider({ 'policy.subject.userNameTemplate.template': 'idpuser.employeeNumber' }, async () => {
      const { verdict, last } = await refused(login);
      expect(verdict).toEqual({
        check: 'subjectTemplate',
        told: expect.stringMatching(/idpuser\.employeeNumber.*same PUT/),
      });
      expect(last).toEqual([
        'failed',
        expect.stringMatching(/Unable to transform email to username.*idpuser\.subjectNameId/),
      ]);
    });
  });

  it('the issuer differs by a slash', async () => {
    await here.withProvider({ 'protocol.credentials.trust.issuer': `${here.known('issuer')}/` }, async () => {
      const { verdict, last } = await refused(login);
      expect(verdict).toEqual({ check: 'issuer', told: expect.stringMatching(/\/ is not .*same PUT/) });
      expect(last).toEqual(['failed', expect.stringMatching(/Issuer in the SAML response did not match.*same PUT/)]);
    });
  });

  it('the audience differs by a slash', async () => {
    await here.withApp({ 'settings.app.audRestriction': `${here.known('audience')}/` }, async () => {
      const { verdict, last } = await refused(login);
      expect(verdict).toEqual({ check: 'audience', told: expect.stringMatching(/\/ is not .*same PUT/) });
      expect(last).toEqual(['failed', expect.stringMatching(/did not designate us as the target.*same PUT/)]);
    });
  });

  it('the signature did not validate: the SP org trusts another certificate', async () => {
    const other = await here.anotherTrustedKey();
    await here.withProvider({ 'protocol.credentials.trust.kid': other }, async () => {
      const { verdict, last } = await refused(login);
      expect(verdict).toEqual({ check: 'certificate', told: expect.stringMatching(/is not among.*same PUT/) });
      expect(last).toEqual(['failed', expect.stringMatching(/signature.*did not validate.*same PUT/)]);
    });
  });

  it('user not found: the match is made by an attribute that has another value', async () => {
    await here.withProvider({ 'policy.subject.matchType': 'EMAIL' }, async () => {
      const { verdict } = await refused(login);
      expect(verdict).toEqual({
        check: 'subjectMatches',
        told: expect.stringMatching(/matched against EMAIL.*identity provider's match agree/),
      });
    });
  });

  it('user not found: the match is not unique', async () => {
    const namesake = await here.healthy('person@acme.example');
    await here.withProvider({ 'policy.subject.matchType': 'EMAIL' }, async () => {
      const { verdict } = await refused(namesake.login);
      expect(verdict).toEqual({
        check: 'lastSignIn',
        told: expect.stringMatching(/Unable to match the transformed username.*subjectMatch/),
      });
    });
  });

  it('the first sign-on works, later ones do not: the account is not linked any more', async () => {
    const { login: unlinked, spId } = await here.healthy('unlinked');
    expect(await here.signOn(unlinked)).toBe(true);
    await here.withProvider({ 'policy.accountLink.action': 'DISABLED' }, async () => {
      await here.world.spAdmin.delete(`/api/v1/idps/${here.known('identityProviderId')}/users/${spId}`);
      const { verdict, last } = await refused(unlinked);
      expect(verdict).toEqual({
        check: 'accountLink',
        told: expect.stringMatching(/DISABLED.*identityProvider\.accountLink to AUTO, or link the user/),
      });
      expect(last).toEqual(['failed', expect.stringContaining('Unable to match the transformed username')]);
    });
  });

  it('invalid status: Okta is the master of the user, with a password that has expired', async () => {
    const { login: expired, spId } = await here.healthy('expired');
    await here.world.spAdmin.post(`/api/v1/users/${spId}/lifecycle/expire_password`);
    const { verdict, last } = await refused(expired);
    expect(verdict).toEqual({
      check: 'spUserStatus',
      told: expect.stringMatching(/PASSWORD_EXPIRED.*Reset the password.*let the identity provider authenticate/),
    });
    expect(last).toEqual(['failed', expect.stringMatching(/Invalid Status.*spUserStatus/)]);
  });
});

describe('a diagnosis names, with its fix, the pitfall of just-in-time provisioning:', () => {
  beforeAll(() => here.setUp(withoutPeople({ provisioning: { features: { create: false } } })));

  async function assignedOnly(name: string): Promise<string> {
    const { login, idpId } = await here.newcomer(name);
    await here.assign(idpId);
    return login;
  }

  it('user not found: just-in-time provisioning of the identity provider is off', async () => {
    const login = await assignedOnly('without-jit');
    await here.withProvider({ 'policy.provisioning.action': 'DISABLED' }, async () => {
      expect(await here.signOn(login)).toBe(false);
      expect(await here.verdictOn(login)).toEqual({
        check: 'jit',
        told: expect.stringMatching(/DISABLED, specified AUTO.*same PUT/),
      });
    });
  });

  it('just-in-time provisioning fails silently: an attribute is missing in the assertion', async () => {
    const login = await assignedOnly('without-email');
    const path = `/api/v1/apps/${here.known('org2orgAppId')}`;
    const App = z.looseObject({ settings: z.looseObject({ signOn: z.looseObject({}) }) });
    const app = App.parse(await here.world.idpAdmin.get(path));
    const empty = { type: 'EXPRESSION', name: 'email', namespace: nameFormat, values: ['user.secondEmail'] };
    const signOn = { ...app.settings.signOn, attributeStatements: [empty] };
    await here.world.idpAdmin.put(path, { ...app, settings: { ...app.settings, signOn } });
    expect(await here.signOn(login)).toBe(false);
    expect(await here.verdictOn(login)).toEqual({
      check: 'lastSignIn',
      told: expect.stringMatching(/User Not Found.*an assertion that carries firstName, lastName and email/),
    });
    await here.world.idpAdmin.put(path, app);
    expect(await here.signOn(login)).toBe(true);
  });
});
