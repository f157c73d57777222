import { z } from 'zod';
import { Org2OrgError } from './errors.js';
import type { FederationSpec } from './federation-spec.js';

/** Thirty days at most between two steps of a roll-over. */
const Minutes = z.number().int().min(0).max(43_200);

/** Body of the request that starts a roll-over. */
export const RotationOptions = z.strictObject({
  /** `clientKey`: the key of the connection's OAuth 2.0 client. `tokenToOauth`: from the API token to OAuth 2.0. */
  what: z.enum(['certificate', 'clientKey', 'tokenToOauth']),
  /** How long a new certificate is valid. */
  validityYears: z.number().int().min(2).max(10).default(10),
  /** Time between the steps; none waits longer than this, and an order goes on at once. */
  between: z
    .strictObject({
      /** From trusting both certificates to signing with the new one. */
      switchAfterMinutes: Minutes.default(60),
      /** From signing with the new one to trusting it alone: as long, the roll-over can be taken back. */
      removeAfterMinutes: Minutes.default(1_440),
    })
    .prefault({}),
});
export type RotationOptions = z.output<typeof RotationOptions>;
export type RotatedThing = RotationOptions['what'];

/** What a person may tell a roll-over that runs. */
export type RotationOrder = 'goOn' | 'revoke';

/** An order with who gave it and why. */
export interface GivenRotationOrder {
  readonly order: RotationOrder;
  readonly by: string;
  readonly why: string;
}

/** The steps of roll-overs that no setup has. */
export const rotationStepNames = [
  'signingKey',
  'newCertificate',
  'bothTrusted',
  'beforeSwitch',
  'keySwitch',
  'beforeRemoval',
  'newTrustedAlone',
  'oldCertificate',
  'connectionKey',
  'oldToken',
  'revocation',
] as const;
export type RotationStepName = (typeof rotationStepNames)[number];

/**
 * Whether this can be rolled over in a federation of this specification.
 *
 * @throws Org2OrgError `O2O_ROTATION_KEY_NAMED`, `O2O_ROTATION_UNFIT`
 */
export function checkRotation(spec: FederationSpec, what: RotatedThing): void {
  const { auth } = spec.provisioning;
  const { kid } = spec.certificate;
  if (what === 'certificate' && kid !== 'active') throw new Org2OrgError('O2O_ROTATION_KEY_NAMED', { kid });
  const needed = { certificate: auth, clientKey: 'oauth2', tokenToOauth: 'token' }[what];
  if (auth !== needed) throw new Org2OrgError('O2O_ROTATION_UNFIT', { what, auth });
}
