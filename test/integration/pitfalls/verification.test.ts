import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VerificationOptions, type VerificationReport, verificationReport } from '../../../src/domain/verification.js';
import { AgreedOperations } from '../../world/agreed-operations.js';
import { edit } from '../../world/by-hand.js';
import { id, objects } from '../../world/okta-admin.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { verify } from '../../world/verification-and-drift.js';
import { federationId, type World, withoutPeople } from '../../world/world.js';

let world: World;
let report: VerificationReport;

beforeAll(async () => {
  world = await startWorld();
  const { known, ...answer } = await world.setUp(withoutPeople());
  expect(problems({ known, ...answer })).toEqual([]);
  const app = `/api/v1/apps/${known.org2orgAppId}`;
  const roles = `/oauth2/v1/clients/${known.serviceClientId}/roles`;
  const newKey = z.object({ kid: z.string(), x5c: z.array(z.string()) });
  const { kid, x5c } = newKey.parse(await world.idpAdmin.post(`${app}/credentials/keys/generate?validityYears=2`));
  await world.spAdmin.post('/api/v1/idps/credentials/keys', { x5c });
  await edit(world.idpAdmin, app, {
    'credentials.signing.kid': kid,
    'settings.app.audRestriction': `${known.audience}/`,
  });
  await edit(world.spAdmin, `/api/v1/idps/${known.identityProviderId}`, {
    'protocol.credentials.trust.issuer': `${known.issuer}/`,
    'policy.provisioning.profileMaster': true,
  });
  await world.spAdmin.delete(`${roles}/${id(objects(await world.spAdmin.get(roles))[0])}`);
  report = await verify(world);
});
afterAll(() => world.stop());

describe('a verification names, with its fix, the pitfall:', () => {
  it.each([
    ['the issuer differs by a slash', 'issuer', /\/ is not /],
    ['the audience differs by a slash', 'audience', /\/ is not /],
    ['a new certificate is not used after its upload', 'certificate', /is not among/],
    ['403 or nothing: the service client lacks a role', 'serviceAccount', /roles is .*agreed/],
    ['the profile is mastered by another system after a sign-on', 'pushAndJitAgree', /profileMaster is true/],
  ])('%s', (_, name, detail) => {
    const check = [...report.configuration, ...report.keyPoints].find((found) => found.name === name);
    expect(check).toMatchObject({
      result: 'failed',
      detail: expect.stringMatching(detail),
      fix: expect.stringContaining('Send the same PUT again'),
    });
  });

  it('and its fix mends it', async () => {
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    const { configuration, keyPoints } = await verify(world);
    expect([...configuration, ...keyPoints].filter(({ result }) => result !== 'passed')).toEqual([]);
  });

  it('nobody is created: Create Users is off', async () => {
    const { known } = await world.federations.get(federationId);
    const feature = `/api/v1/apps/${known.org2orgAppId}/features/USER_PROVISIONING`;
    await world.idpAdmin.put(feature, { create: { lifecycleCreate: { status: 'DISABLED' } } });
    const operations = new AgreedOperations(world);
    const { operation } = await operations.start('verification', VerificationOptions.parse({}));
    const looked = await operations.settled('verification', ({ steps }) =>
      steps.some(({ name, checks }) => name === 'configuration' && checks.length > 0),
    );
    const check = verificationReport(looked).configuration.find(({ name }) => name === 'provisioningFeatures');
    await world.client.workflow.getHandle(operation.workflowId).cancel();
    await world.settled();
    expect(check).toMatchObject({
      result: 'failed',
      detail: expect.stringContaining('DISABLED ENABLED ENABLED is not'),
      fix: expect.stringContaining('Send the same PUT again'),
    });
  });
});
