import { patched } from '@temporalio/workflow';
import type { Assessment } from '../domain/assessment.js';
import { problem } from '../domain/errors.js';
import { federationActivities } from './federation-activities.js';
import type { Operation } from './operation.js';
import { type ResourceStep, resourceStep } from './resource-step.js';

/** Objects that belong to one federation, under which name it knows them, and what people call them. */
const owned = {
  org2orgApp: { known: 'org2orgAppId', object: 'The Org2Org app' },
  identityProvider: { known: 'identityProviderId', object: 'The identity provider' },
} as const;

/**
 * The step of an Org2Org app or identity provider: one that another federation has is a blocker, so that nothing is
 * written to it. What this federation has had before an operation is its own.
 */
export function ownedStep(operation: Operation, resource: keyof typeof owned): ResourceStep {
  const step = resourceStep(operation, resource);
  const { known, object } = owned[resource];
  const { federationId, orgs } = operation.input;
  const blocked = async (assessment: Assessment): Promise<Assessment> => {
    const { id } = assessment;
    if (id === null || operation.input.known[known] === id || !patched('pair-owner')) return assessment;
    const owner = await federationActivities.ownerOf(federationId, orgs, { [known]: id });
    if (owner === null) return assessment;
    return { ...assessment, changes: [], blockers: [problem('O2O_PAIR_OWNED', { object, id, owner, org: step.org })] };
  };
  return { ...step, assess: async (input) => blocked(await step.assess(input)) };
}
