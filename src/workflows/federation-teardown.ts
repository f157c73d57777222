import { patched, proxyActivities } from '@temporalio/workflow';
import type { FederationEndActivities } from '../activities/federation-end-activities.js';
import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { problem } from '../domain/errors.js';
import type { AgreedInput, OperationStatus, StepName } from '../domain/federation.js';
import type { RemovableResource } from '../domain/removal.js';
import type { TeardownOptions } from '../domain/teardown.js';
import { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { connectionOff } from './pause-steps.js';
import { Stopped } from './problems.js';
import { removalStep } from './removal-step.js';
import { assessAndApply, resourceStep } from './resource-step.js';
import { pendingTeardownSteps } from './teardown-steps.js';
import { teardownUsers } from './teardown-users.js';

type Input = AgreedInput<TeardownOptions>;

const { runningSweep, runningWork, endSchedules } = proxyActivities<FederationEndActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 7 },
});

/** In which order the objects go: nobody signs on once the app is gone, and what it needed follows. */
const removals: readonly (readonly [StepName, RemovableResource])[] = [
  ['org2orgAppRemoval', 'org2orgApp'],
  ['identityProviderRemoval', 'identityProvider'],
  ['certificateRemoval', 'trustedCertificate'],
  ['serviceClientRemoval', 'serviceClient'],
  ['accessGroupRemoval', 'accessGroup'],
  ['targetAppRemoval', 'targetApp'],
];

/**
 * Ends a federation. The connection is off before anything is taken away, so that no assignment that ends with the app
 * deactivates anybody; users are dealt with one by one, by a sweep that another person approves, or kept.
 *
 * @returns its final status; `stopped` where a person must mend something first. Starting it again goes on from there.
 * While a sweep, a batch or a rollout runs it does not begin, and leaves the federation as it was.
 */
export async function federationTeardown(input: Input): Promise<OperationStatus> {
  const operation = new Operation(input, pendingTeardownSteps());
  let begun = false;
  try {
    await operation.run('otherWork', async () => {
      if (patched('teardown-asks-first')) await noSweepRuns(operation);
      if (patched('teardown-asks-for-work')) await noWorkRuns(operation);
      begun = true;
      await schedulesEnd(operation);
      await noSweepRuns(operation);
    });
    await operation.run('deactivationsOff', () => deactivationsOff(operation));
    await connectionOff(operation);
    await operation.run('users', () => teardownUsers(operation, input.options));
    for (const [step, resource] of removals) {
      const made = input.made.includes(resource);
      await operation.run(step, () =>
        assessAndApply(operation, removalStep(operation, step, { resource, id: null, made })),
      );
    }
    await operation.run('leftovers', async () => operation.changeStep('leftovers', { checks: leftovers(operation) }));
  } catch (error) {
    if (error instanceof Stopped) return begun ? operation.end('stopped') : operation.endUnbegun();
    throw error;
  }
  return operation.end('done');
}

async function schedulesEnd(operation: Operation): Promise<void> {
  const { federationId } = operation.input;
  const schedules = await operation.attempt('otherWork', 'org2org', () => endSchedules(federationId));
  operation.changeStep('otherWork', { applied: schedules.map((id) => `Remove the schedule ${id}`) });
}

/** Asked before anything is ended, and again once no schedule can begin one. @throws Stopped while a sweep runs */
async function noSweepRuns(operation: Operation): Promise<void> {
  const { federationId } = operation.input;
  const sweep = await operation.attempt('otherWork', 'org2org', () => runningSweep(federationId));
  if (sweep !== null) throw new Stopped(problem('O2O_SWEEP_RUNNING', { sweep }));
}

/** Asked before anything is ended: nobody is onboarded into a federation that ends. @throws Stopped while something runs */
async function noWorkRuns(operation: Operation): Promise<void> {
  const work = await operation.attempt('otherWork', 'org2org', () => runningWork(operation.input.federationId));
  if (work !== null) throw new Stopped(problem('O2O_WORK_RUNNING', { ...work }));
}

/** While the connection is on its features can be read: deactivations are switched off first, as a second safeguard. */
async function deactivationsOff(operation: Operation): Promise<void> {
  const org = operation.input.orgs.idp.name;
  const seen = await operation.attempt('deactivationsOff', org, () =>
    callOrg(org, 'assessConnectionOff', 'Teardown · look: the connection', operation.resourceInput),
  );
  if (seen.changes.length === 0)
    return operation.changeStep('deactivationsOff', { assessment: seen, state: 'skipped' });
  const { assess, apply, ...step } = resourceStep(operation, 'provisioningFeatures', 'deactivationsOff');
  await assessAndApply(operation, {
    ...step,
    assess: (input) => assess(withoutDeactivation(input)),
    apply: (input, agreed) => apply(withoutDeactivation(input), agreed),
  });
}

function withoutDeactivation(input: ResourceInput): ResourceInput {
  const { provisioning } = input.spec;
  const features = { ...provisioning.features, deactivate: false };
  return { ...input, spec: { ...input.spec, provisioning: { ...provisioning, features } } };
}

/** Everything that stays, with the reason and how it would go. */
function leftovers(operation: Operation): readonly Check[] {
  const { spec, orgs } = operation.input;
  const left = (name: string, statement: string, detail: string, fix: string): Check => ({
    name,
    statement,
    result: 'unknown',
    detail,
    fix,
    evidence: [],
  });
  const objects = removals.flatMap(([step]): Check[] => {
    const { assessment } = operation.step(step);
    if (assessment?.observed == null) return [];
    const { resource, org, id, explanation } = assessment;
    const fix = `Remove it in the console of ${org} if nobody needs it.`;
    return [left(resource, `The ${resource} ${id} of ${org} is not needed any more`, explanation, fix)];
  });
  const groups = spec.assignments.groups.map((group) =>
    left(
      'assignedGroup',
      `The group ${group} of ${orgs.idp.name} is not needed any more`,
      'it was not made for this federation: only its assignment to the app is gone',
      `Remove it in the console of ${orgs.idp.name} if nobody needs it.`,
    ),
  );
  const token = left(
    'spToken',
    `The API token of ${orgs.sp.name} is revoked`,
    'no API of the token itself is used for that',
    `Revoke it in ${orgs.sp.name} under Security > API > Tokens, and remove it where its reference points.`,
  );
  return [...objects, ...groups, ...(spec.provisioning.auth === 'token' ? [token] : [])];
}
