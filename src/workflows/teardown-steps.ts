import type { Step } from '../domain/federation.js';
import type { TeardownStepName } from '../domain/teardown.js';
import { pendingConnectionOff } from './pause-steps.js';
import { pending, type StepDescription } from './pending-step.js';

const guide = 'Teardown';

const teardownSteps: Record<TeardownStepName, StepDescription> = {
  otherWork: { title: 'Schedules removed, nothing else runs', guide, side: 'both' },
  deactivationsOff: { title: 'Deactivations pushed no more', guide, side: 'idp' },
  users: { title: 'Users in the SP org', guide, side: 'both' },
  org2orgAppRemoval: { title: 'Org2Org app and its assignments', guide, side: 'idp' },
  identityProviderRemoval: { title: 'Identity provider', guide, side: 'sp' },
  certificateRemoval: { title: 'Trusted certificate', guide, side: 'sp' },
  serviceClientRemoval: { title: 'Service client', guide, side: 'sp' },
  accessGroupRemoval: { title: 'Access group', guide, side: 'sp' },
  targetAppRemoval: { title: 'Target app', guide, side: 'sp' },
  leftovers: { title: 'What is left', guide, side: 'both' },
};

/** The steps of a teardown, none of which has begun. */
export function pendingTeardownSteps(): Step[] {
  const step = (name: TeardownStepName) => pending(name, teardownSteps[name]);
  return [
    step('otherWork'),
    step('deactivationsOff'),
    pendingConnectionOff(guide),
    step('users'),
    step('org2orgAppRemoval'),
    step('identityProviderRemoval'),
    step('certificateRemoval'),
    step('serviceClientRemoval'),
    step('accessGroupRemoval'),
    step('targetAppRemoval'),
    step('leftovers'),
  ];
}
