import type { Step } from '../domain/federation.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { pending } from './pending-step.js';
import { assessAndApply } from './resource-step.js';

/** The step that turns the connection off, of a pause or a teardown. */
export function pendingConnectionOff(guide: 'Pause' | 'Teardown'): Step {
  return pending('connectionOff', { title: 'Provisioning connection off, the app stays on', guide, side: 'idp' });
}

/** Turns the provisioning connection off and reads it back: nothing is pushed any more. */
export async function connectionOff(operation: Operation): Promise<void> {
  const org = operation.input.orgs.idp.name;
  const { guide } = operation.step('connectionOff');
  await operation.run('connectionOff', () =>
    assessAndApply(operation, {
      step: 'connectionOff',
      resource: 'provisioningConnection',
      org,
      assess: (input) => callOrg(org, 'assessConnectionOff', `${guide} · look: the connection`, input),
      apply: (input, agreed) =>
        callOrg(org, 'applyConnectionOff', `${guide} · do: turn the connection off`, input, agreed),
    }),
  );
}
