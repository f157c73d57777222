import type { SetupStepName, Step } from '../domain/federation.js';
import type { RotatedThing, RotationStepName } from '../domain/rotation.js';
import { pending, type StepDescription } from './pending-step.js';
import { pendingStep } from './setup-steps.js';

const guide = 'Roll-over';

const rotationSteps: Record<RotationStepName, StepDescription> = {
  signingKey: { title: 'New signing key in the Org2Org app', guide, side: 'idp' },
  newCertificate: { title: 'New certificate in the key store of the SP org', guide, side: 'sp' },
  bothTrusted: { title: 'Both certificates trusted', guide, side: 'sp' },
  beforeSwitch: { title: 'Time until the new key signs', guide, side: 'both' },
  keySwitch: { title: 'The Org2Org app signs with the new key', guide, side: 'idp' },
  beforeRemoval: { title: 'Time until the old certificate is trusted no more', guide, side: 'both' },
  newTrustedAlone: { title: 'Only the new certificate trusted', guide, side: 'sp' },
  oldCertificate: { title: 'Old certificate out of the key store', guide, side: 'sp' },
  connectionKey: { title: 'Key of the provisioning connection', guide, side: 'idp' },
  oldToken: { title: 'Earlier API token', guide, side: 'sp' },
  revocation: { title: 'Taken back', guide, side: 'both' },
};

const stepsOf: Readonly<Record<RotatedThing, readonly (RotationStepName | SetupStepName)[]>> = {
  certificate: [
    'signingKey',
    'newCertificate',
    'bothTrusted',
    'beforeSwitch',
    'keySwitch',
    'signOn',
    'beforeRemoval',
    'newTrustedAlone',
    'oldCertificate',
    'revocation',
  ],
  clientKey: ['provisioningConnection', 'connectionKey'],
  tokenToOauth: [
    'serviceClient',
    'provisioningConnection',
    'provisioningFeatures',
    'connectionKey',
    'signOn',
    'oldToken',
    'revocation',
  ],
};

function isRotationStep(name: RotationStepName | SetupStepName): name is RotationStepName {
  return Object.hasOwn(rotationSteps, name);
}

/** The steps of a roll-over, none of which has begun. */
export function pendingRotationSteps(what: RotatedThing): Step[] {
  return stepsOf[what].map((name) => (isRotationStep(name) ? pending(name, rotationSteps[name]) : pendingStep(name)));
}
