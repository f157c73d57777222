import { patched } from '@temporalio/workflow';
import type { Assessment } from '../domain/assessment.js';
import { problem } from '../domain/errors.js';
import { federationActivities } from './federation-activities.js';
import type { Operation } from './operation.js';
import { Stopped } from './problems.js';
import { type ResourceStep, resourceStep } from './resource-step.js';

/** Objects that belong to one federation, under which name it knows them, and what people call them. */
const owned = {
  org2orgApp: { known: 'org2orgAppId', object: 'The Org2Org app' },
  identityProvider: { known: 'identityProviderId', object: 'The identity provider' },
} as const;

/** Looks that find what a setup would take: the app, by its metadata the issuer, by the issuer the identity provider. */
const lookups = (operation: Operation): readonly ResourceStep[] => [
  ownedStep(operation, 'org2orgApp'),
  resourceStep(operation, 'samlMetadata'),
  ownedStep(operation, 'identityProvider'),
];

/**
 * Looks, before anything is written, whether another federation has the Org2Org app or the identity provider that the
 * setup would come upon. A plan writes nothing and shows it where it belongs.
 *
 * @throws Stopped if another federation has one of them
 */
export async function pairIsFree(operation: Operation): Promise<void> {
  const { org2orgAppId, identityProviderId } = operation.input.known;
  const hasPair = org2orgAppId !== undefined && identityProviderId !== undefined;
  if (operation.plansOnly || hasPair || !patched('pair-owner-first')) return;
  let input = operation.resourceInput;
  for (const { org, assess } of lookups(operation)) {
    const found = await operation.attempt('orgs', org, () => assess(input));
    const owned = found.blockers.find(({ code }) => code === 'O2O_PAIR_OWNED');
    if (owned !== undefined) throw new Stopped(owned);
    if (found.id === null) return;
    input = { ...input, known: { ...input.known, ...found.known } };
  }
}

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
