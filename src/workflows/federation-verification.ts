import { CancellationScope, patched } from '@temporalio/workflow';
import type { Check } from '../domain/check.js';
import type { AgreedInput, OperationStatus } from '../domain/federation.js';
import type { VerificationOptions, VerificationStepName } from '../domain/verification.js';
import { canaryLife, removeCanaries } from './canary-life.js';
import { federationActivities } from './federation-activities.js';
import { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';
import { pendingVerificationStep } from './verification-steps.js';

const names: readonly VerificationStepName[] = [
  'configuration',
  'keyPoints',
  'earlierCanaries',
  'canaryArrives',
  'canarySignsOn',
  'canaryChanges',
  'canaryDeactivated',
  'canaryGone',
  'canaryRemoved',
  'checklist',
];

/**
 * Shows that a federation does what it is for: configuration, key points, and a canary that arrives, signs on, changes,
 * is deactivated, proven gone and removed, also where something fails on the way.
 *
 * @returns its final status; `stopped` where something could not be carried out.
 */
export async function federationVerification(input: AgreedInput<VerificationOptions>): Promise<OperationStatus> {
  const operation = new Operation(input, names.map(pendingVerificationStep));
  let stopped = false;
  const step = async (name: VerificationStepName, body: () => Promise<void>) => {
    try {
      await operation.run(name, body);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      stopped = true;
    }
  };

  await step('configuration', () => configuration(operation));
  await step('keyPoints', () => keyPoints(operation));
  await step('earlierCanaries', () => removeCanaries(operation, 'earlierCanaries', null, null));
  const life = await canaryLife(operation, input.options.canary.domain, step);
  await CancellationScope.nonCancellable(() =>
    step('checklist', async () => {
      const others = operation.steps.filter(({ name }) => name !== 'checklist');
      const checks = await federationActivities.concludeVerification(life, others);
      operation.changeStep('checklist', { checks });
    }),
  );
  return operation.end(stopped ? 'stopped' : 'done');
}

async function configuration(operation: Operation): Promise<void> {
  const { idp, sp } = operation.input.orgs;
  const idpSide = await operation.attempt('configuration', idp.name, () =>
    callOrg(idp.name, 'readIdpSide', 'Look: what the IdP org sends', operation.resourceInput),
  );
  const checks = await operation.attempt('configuration', sp.name, () =>
    callOrg(sp.name, 'crossCheck', 'Check: both halves agree', operation.resourceInput, idpSide),
  );
  operation.changeStep('configuration', { checks });
}

async function keyPoints(operation: Operation): Promise<void> {
  const { sp } = operation.input.orgs;
  const byConfiguration = await operation.attempt('keyPoints', sp.name, () =>
    callOrg(sp.name, 'checkKeyPoints', 'Check: rights, push and JIT', operation.resourceInput),
  );
  const ofToken = operation.input.spec.provisioning.auth === 'token' ? await tokenChecks(operation) : [];
  operation.changeStep('keyPoints', { checks: [...byConfiguration, ...ofToken] });
}

/** The SP org's worker looks first: a token lives on with each use, and the check of it is one. */
async function tokenChecks(operation: Operation): Promise<readonly Check[]> {
  const { idp, sp } = operation.input.orgs;
  const before = patched('sp-tokens-before-use')
    ? await operation.attempt('keyPoints', sp.name, () =>
        callOrg(sp.name, 'readSpTokens', 'Look: the API tokens, before one is used'),
      )
    : null;
  return operation.attempt('keyPoints', idp.name, () =>
    callOrg(idp.name, 'checkSpTokenLife', 'Check: the SP token and its owner', operation.resourceInput, before),
  );
}
