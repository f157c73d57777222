import type { KnownValues, ResourceName } from '../domain/assessment.js';
import type { SetupStepName, Step } from '../domain/federation.js';
import { pending } from './pending-step.js';
import { pendingStep } from './setup-steps.js';

/** The resources that a drift check looks at, each a step of the setup. */
export const driftSteps: readonly (ResourceName & SetupStepName)[] = [
  'targetApp',
  'org2orgApp',
  'samlMetadata',
  'trustedCertificate',
  'identityProvider',
  'samlTrust',
  'serviceClient',
  'provisioningConnection',
  'provisioningFeatures',
  'assignments',
  'accessGroup',
];

/** What was agreed with the other org. An object that stands in the place of another one may show other values. */
const agreedNames = [
  'targetAppSsoUrl',
  'targetAppCertificate',
  'issuer',
  'ssoUrl',
  'certificate',
  'certificateThumbprint',
  'acsUrl',
  'audience',
] as const;

/** The values, ids left out, by which the federation knows both orgs: they count, whatever is found. */
export function agreedValues(known: KnownValues): KnownValues {
  return Object.fromEntries(agreedNames.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]]])));
}

/** The steps of a drift check that have not begun. */
export function pendingDriftSteps(): readonly Step[] {
  return [
    ...driftSteps.map(pendingStep),
    pending('driftCauses', { title: 'Who changed it, and when', guide: 'Drift', side: 'both' }),
    pending('driftMended', { title: 'What security rests on is brought back', guide: 'Drift', side: 'both' }),
  ];
}
