import type { StepName } from '../domain/federation.js';
import type { Removal } from '../domain/removal.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import type { ResourceStep } from './resource-step.js';

/** A step that takes an object away. */
export function removalStep(operation: Operation, step: StepName, removal: Removal): ResourceStep {
  const { idp, sp } = operation.input.orgs;
  const org = removal.resource === 'org2orgApp' ? idp.name : sp.name;
  const { guide, title } = operation.step(step);
  return {
    step,
    resource: removal.resource,
    org,
    assess: (input) => callOrg(org, 'assessRemoval', `${guide} · look: ${title}`, input, removal),
    apply: (input, agreed) =>
      callOrg(
        org,
        'applyRemoval',
        `${guide} · do: ${agreed.changes.map((change) => change.summary).join('; ')}`,
        input,
        removal,
        agreed,
      ),
  };
}
