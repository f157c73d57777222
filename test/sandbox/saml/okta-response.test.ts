import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SignOnRefused } from '../../../sandbox/saml/refusal.js';
import { type ResponseDemands, validateResponse } from '../../../sandbox/saml/response-validation.js';

const shared = process.env.ORG2ORG_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const folder = resolve(shared, 'okta-data/saml');
const present = existsSync(folder);
if (!present) process.stderr.write(`Skipped: no Okta data under ${folder}\n`);

/** What the service provider of 2016 would have demanded. */
function demands(changes: Partial<ResponseDemands> = {}): ResponseDemands {
  const pem = readFileSync(resolve(folder, 'okta-response-2016-cert.pem'), 'utf8');
  return {
    issuer: 'http://www.okta.com/exk659aytfMeNI49v0h7',
    audience: '"123"',
    acsUrl: 'http://localhost:8080/v1/_saml_callback',
    certificates: [pem.replaceAll(/-----[^-]+-----|\s/g, '')],
    signatureScope: 'ANY',
    minimumAlgorithm: 'SHA-256',
    clockSkew: 0,
    now: new Date('2016-07-25T23:21:00Z'),
    isAwaited: (id) => id === '_15f66d2d-628b-4d9b-a99e-089d8da862e1',
    ...changes,
  };
}

function response(): string {
  return readFileSync(resolve(folder, 'okta-response-2016.xml')).toString('base64');
}

describe.skipIf(!present)('a Response that the real Okta signed', () => {
  it.each(['ANY', 'RESPONSE', 'TOKEN'] as const)(
    'is accepted with its certificate at its time, scope %s',
    async (scope) => {
      const assertion = await validateResponse(response(), demands({ signatureScope: scope }));
      expect(assertion.nameId).toBe('russellhaering');
      expect(assertion.attributes.get('username')).toEqual(['russell.haering@scaleft.com']);
    },
  );

  it('is refused once its certificate has expired, whatever the assertion says', async () => {
    const late = demands({ now: new Date('2026-03-01T00:00:00Z'), clockSkew: Number.MAX_SAFE_INTEGER });
    await expect(validateResponse(response(), late)).rejects.toThrow(SignOnRefused);
    await expect(validateResponse(response(), late)).rejects.toThrow(/digital signature/);
  });

  it('is refused today', async () => {
    const today = demands({ now: new Date('2025-01-01T00:00:00Z') });
    await expect(validateResponse(response(), today)).rejects.toThrow(/expired/);
  });

  it('is refused with one letter of the name changed', async () => {
    const xml = readFileSync(resolve(folder, 'okta-response-2016.xml'), 'utf8').replace(
      '>russellhaering<',
      '>russellhaerinG<',
    );
    const changed = Buffer.from(xml).toString('base64');
    await expect(validateResponse(changed, demands())).rejects.toThrow(/digital signature/);
  });
});
