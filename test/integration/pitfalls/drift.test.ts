import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftDifference } from '../../../src/domain/drift.js';
import { edit } from '../../world/by-hand.js';
import { DiagnosedWorld } from '../../world/diagnosis-world.js';
import { checkDrift } from '../../world/verification-and-drift.js';
import { withoutPeople } from '../../world/world.js';

let here: DiagnosedWorld;

beforeAll(async () => {
  here = await DiagnosedWorld.start(withoutPeople());
});
afterAll(() => here.stop());

/** Whatever has drifted is agreed again after the same PUT. */
async function theSamePutMendsIt(): Promise<void> {
  await here.setUp(withoutPeople());
  expect((await checkDrift(here.world)).drift).toEqual({ differences: [], problems: [] });
}

describe('a drift check names the pitfall:', () => {
  let differences: readonly DriftDifference[];

  beforeAll(async () => {
    const off = { status: 'DISABLED' };
    const { idpAdmin, spAdmin } = here.world;
    const app = `/api/v1/apps/${here.known('org2orgAppId')}`;
    await edit(spAdmin, `/api/v1/idps/${here.known('identityProviderId')}`, {
      'policy.subject.userNameTemplate.template': 'idpuser.email',
      'protocol.credentials.trust.issuer': `${here.known('issuer')}/`,
      'protocol.settings.honorPersistentNameId': false,
    });
    await edit(idpAdmin, app, { 'settings.app.audRestriction': `${here.known('audience')}/` });
    await idpAdmin.put(`${app}/features/USER_PROVISIONING`, {
      create: { lifecycleCreate: off },
      update: { lifecycleDeactivate: off },
    });
    differences = (await checkDrift(here.world)).drift?.differences ?? [];
  });

  it.each([
    ['leavers stay active in the SP org', 'provisioningFeatures', 'update.lifecycleDeactivate.status'],
    ['unable to transform the subject to a username', 'identityProvider', 'policy.subject.userNameTemplate.template'],
    ['the issuer differs by a slash', 'identityProvider', 'protocol.credentials.trust.issuer'],
    ['the audience differs by a slash', 'samlTrust', 'settings.app.audRestriction'],
    ['later sign-ons do not find the link', 'identityProvider', 'protocol.settings.honorPersistentNameId'],
    ['nobody is created: Create Users is off', 'provisioningFeatures', 'create.lifecycleCreate.status'],
  ])('%s', (_, resource, field) => {
    expect(differences.filter((found) => found.resource === resource && found.field === field)).toHaveLength(1);
  });

  it('and nothing else, and the same PUT mends it', async () => {
    expect(differences).toHaveLength(6);
    await theSamePutMendsIt();
  });
});

describe('the Org2Org app is switched off for a moment', () => {
  it('and who came by group is deactivated downstream: drift and diagnosis name the app, the same PUT brings all back', async () => {
    const { idpAdmin, sandbox } = here.world;
    const { login, idpId } = await here.newcomer('by-group');
    const group = sandbox.idp.org.groups.find(({ profile }) => profile.name === 'Partner users');
    await idpAdmin.put(`/api/v1/groups/${group?.id}/users/${idpId}`);
    await sandbox.idle();
    const statusInSp = () => sandbox.sp.org.users.find(({ profile }) => profile.login === login)?.status;
    expect(statusInSp()).toBe('ACTIVE');

    await idpAdmin.post(`/api/v1/apps/${here.known('org2orgAppId')}/lifecycle/deactivate`);
    await sandbox.idle();
    expect(statusInSp()).toBe('DEPROVISIONED');
    expect((await checkDrift(here.world)).drift?.differences).toEqual([
      expect.objectContaining({ resource: 'org2orgApp', field: 'status', agreed: 'ACTIVE', found: 'INACTIVE' }),
    ]);
    expect(await here.verdictOn(login)).toEqual({
      check: 'org2orgAppActive',
      told: expect.stringMatching(/INACTIVE.*same PUT.*activates the app/),
    });

    await theSamePutMendsIt();
    expect(await here.signOn(login)).toBe(true);
    expect(statusInSp()).toBe('ACTIVE');
  });
});
