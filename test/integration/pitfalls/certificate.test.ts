import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { standingAlarms } from '../../world/alarms.js';
import { edit } from '../../world/by-hand.js';
import { DiagnosedWorld } from '../../world/diagnosis-world.js';
import { withoutPeople } from '../../world/world.js';
import { signUntil } from './own-certificate.js';

const dayMs = 24 * 60 * 60 * 1000;

let here: DiagnosedWorld;
let login: string;

beforeAll(async () => {
  here = await DiagnosedWorld.start(withoutPeople());
  ({ login } = await here.healthy('signs-on'));
});
afterAll(() => here.stop());

/** Has the Org2Org app sign with a certificate that ends in so many days. */
const signFor = (days: number) =>
  signUntil(here.world, here.known('org2orgAppId'), new Date(Date.now() + days * dayMs));

describe('the signature did not validate: the certificate has expired', () => {
  beforeAll(async () => {
    const x5c = [await signFor(-1)];
    const key = await here.world.spAdmin.post('/api/v1/idps/credentials/keys', { x5c });
    await edit(here.world.spAdmin, `/api/v1/idps/${here.known('identityProviderId')}`, {
      'protocol.credentials.trust.kid': z.object({ kid: z.string() }).parse(key).kid,
    });
  });

  it('is named by the diagnosis', async () => {
    expect(await here.signOn(login)).toBe(false);
    expect(await here.verdictOn(login)).toEqual({
      check: 'certificateValid',
      told: expect.stringMatching(/Generate a new signing key for the Org2Org app.*then PUT the federation/),
    });
    const last = (await here.diagnose(login)).checks.find(({ name }) => name === 'lastSignIn');
    expect([last?.result, last?.detail]).toEqual(['failed', expect.stringMatching(/signature.*did not validate/)]);
  });

  it('is named by the setup', async () => {
    const { steps } = await here.world.setUp(withoutPeople());
    expect(steps.find(({ state }) => state === 'stopped')?.problem).toMatchObject({
      code: 'O2O_CERTIFICATE_EXPIRES',
      fix: expect.stringMatching(/Generate a new signing key.*PUT again/),
    });
  });
});

describe('the certificate expires soon', () => {
  beforeAll(async () => {
    await signFor(20);
    await here.setUp(withoutPeople({ certificate: { minimumDaysLeft: 7 } }));
  });

  it('and with it, once the SP org trusts it, users sign on', async () => {
    expect(await here.signOn(login)).toBe(true);
    expect((await here.diagnose(login)).verdict.result).toBe('passed');
  });

  it('is named by an alarm', async () => {
    await expect
      .poll(() => standingAlarms(here.world), { timeout: 60_000 })
      .toEqual([
        expect.objectContaining({
          kind: 'certificateExpires',
          message: expect.stringContaining('expires in 19 day(s)'),
          fix: expect.stringContaining('/rotations'),
        }),
      ]);
  });
});
