import type { Assessment, KnownValues } from '../domain/assessment.js';
import type { DriftCauses, DriftDifference, DriftOptions } from '../domain/drift.js';
import { problem } from '../domain/errors.js';
import type { AgreedInput, OperationStatus, StepName } from '../domain/federation.js';
import { driftSteps, pendingDriftSteps } from './drift-steps.js';
import { federationActivities } from './federation-activities.js';
import type { GateQuestion } from './gate.js';
import { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';
import { assessAndApply, resourceStep } from './resource-step.js';

/** A certificate that nobody agreed to is never trusted without a person. */
const neverMendedAlone = 'trustedCertificate';

/**
 * Compares both orgs with what was agreed, by the same assessments as plan and setup, and says who changed what differs.
 * Reads no user one by one.
 *
 * @returns its final status; `stopped` where something could not be read, or a person refused.
 */
export async function driftCheck(input: AgreedInput<DriftOptions>): Promise<OperationStatus> {
  const operation = new Operation(input, pendingDriftSteps());
  let stopped = false;
  const step = async (name: StepName, body: () => Promise<void>) => {
    try {
      await operation.run(name, body);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      stopped = true;
    }
  };

  const assessments = await look(operation, input, step);
  let causes: DriftCauses = {};
  await step('driftCauses', async () => {
    causes = await readCauses(operation, assessments);
  });
  const found = await federationActivities.judgeDrift(assessments, causes, input.options);
  keep(operation, assessments, found);
  await step('driftMended', () => mend(operation, input.options, found));
  return operation.end(stopped ? 'stopped' : 'done');
}

/** Which resources have something to be looked at now. */
function isLookedAt({ spec, state }: AgreedInput, name: (typeof driftSteps)[number]): boolean {
  if (name === 'serviceClient') return spec.provisioning.auth === 'oauth2';
  // A pause has turned the connection off: that is agreed.
  return state !== 'paused' || (name !== 'provisioningConnection' && name !== 'provisioningFeatures');
}

/** Assesses every resource. What one yields another one needs; none of it is agreed by being found. */
async function look(
  operation: Operation,
  input: AgreedInput,
  step: (name: StepName, body: () => Promise<void>) => Promise<void>,
): Promise<readonly Assessment[]> {
  const assessments: Assessment[] = [];
  let known: KnownValues = input.known;
  for (const name of driftSteps) {
    if (!isLookedAt(input, name)) {
      operation.changeStep(name, { state: 'skipped' });
      continue;
    }
    await step(name, async () => {
      const resource = resourceStep(operation, name);
      const assessment = await operation.attempt(name, resource.org, () =>
        resource.assess({ ...operation.resourceInput, known }),
      );
      known = { ...known, ...assessment.known };
      assessments.push(assessment);
      const [blocker] = assessment.blockers;
      operation.changeStep(name, { assessment, ...(blocker === undefined ? {} : { problem: blocker }) });
    });
  }
  return assessments;
}

async function readCauses(operation: Operation, assessments: readonly Assessment[]): Promise<DriftCauses> {
  let causes: DriftCauses = {};
  for (const { name: org } of [operation.input.orgs.idp, operation.input.orgs.sp]) {
    const differing = assessments.filter((each) => each.org === org && each.changes.length > 0);
    if (differing.length === 0) continue;
    const read = await operation.attempt('driftCauses', org, () =>
      callOrg(org, 'readDriftCauses', `Look: System Log of ${org}`, operation.resourceInput, differing),
    );
    causes = { ...causes, ...read };
  }
  return causes;
}

/** Keeps what was found; what is ignored is no change of a step. */
function keep(operation: Operation, assessments: readonly Assessment[], found: readonly DriftDifference[]): void {
  const ignored = (resource: string, field: string) =>
    found.some((each) => each.ignored && each.resource === resource && each.field === field);
  for (const name of driftSteps) {
    const assessment = assessments.find(({ resource }) => resource === name);
    if (assessment === undefined) continue;
    const changes = assessment.changes
      .map((change) => ({ ...change, fields: change.fields.filter(({ field }) => !ignored(name, field)) }))
      .filter(({ fields }) => fields.length > 0);
    operation.changeStep(name, {
      assessment: { ...assessment, changes },
      ...(changes.length > 0 ? { state: 'planned' } : {}),
    });
  }
  const problems = operation.steps.flatMap((each) => each.problem ?? []);
  operation.keepDrift({ differences: found, problems });
}

/** Brings back what security rests on, at once or when a person has agreed, by the same apply as a setup. */
async function mend(operation: Operation, { policy }: DriftOptions, found: readonly DriftDifference[]): Promise<void> {
  const differing = found.filter(({ security, ignored }) => security && !ignored);
  if (policy === 'report' || differing.length === 0) {
    operation.changeStep('driftMended', { state: 'skipped' });
    return;
  }
  const asks = differing.filter(({ resource }) => policy === 'gate' || resource === neverMendedAlone);
  const agreed = asks.length === 0 || (await isAgreed(operation, asks));
  const resources = new Set(differing.filter((each) => agreed || !asks.includes(each)).map(({ resource }) => resource));
  for (const name of driftSteps.filter((each) => resources.has(each))) {
    await assessAndApply(operation, resourceStep(operation, name));
    operation.changeStep('driftMended', {
      applied: [...operation.step('driftMended').applied, ...operation.step(name).applied],
    });
    operation.changeStep(name, { state: 'done' });
  }
  operation.keepDrift({
    differences: found.map((each) => ({ ...each, mended: resources.has(each.resource) })),
    problems: operation.steps.flatMap((each) => each.problem ?? []),
  });
  if (!agreed) throw new Stopped(problem('O2O_GATE_REFUSED', { gate: 'securityDrift', choice: 'leave' }));
}

async function isAgreed(operation: Operation, differing: readonly DriftDifference[]): Promise<boolean> {
  const answer = await operation.ask('driftMended', securityQuestion(differing));
  return answer.choice === 'mend';
}

function securityQuestion(differing: readonly DriftDifference[]): GateQuestion {
  const described = differing.map(({ org, resource, field, found, agreed }) => [
    `${org} ${resource} ${field}`,
    `found ${JSON.stringify(found)}, agreed ${JSON.stringify(agreed)}`,
  ]);
  return {
    name: 'securityDrift',
    kind: 'securityDrift',
    question: `Somebody has changed what security rests on, ${differing.length} attribute(s). Shall it be brought back to what was agreed?`,
    instructions: [
      'GET …/drift names who made the last change of each object, and when. Ask them, or your security team, before you answer.',
      'Answer mend to write what was agreed. Answer leave to leave it as it is; then change the specification and PUT it.',
    ],
    evidence: Object.fromEntries(described),
    choices: [
      { value: 'mend', meaning: 'Bring it back to what was agreed' },
      { value: 'leave', meaning: 'Leave it as it is' },
    ],
    role: 'operator',
  };
}
