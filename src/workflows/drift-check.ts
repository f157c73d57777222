import { patched } from '@temporalio/workflow';
import type { Assessment, KnownValues, ResourceName } from '../domain/assessment.js';
import type { DriftCause, DriftCauses, DriftDifference, DriftOptions } from '../domain/drift.js';
import { type Problem, problem } from '../domain/errors.js';
import type { AgreedInput, OperationStatus, StepName } from '../domain/federation.js';
import { agreedValues, driftSteps, pendingDriftSteps } from './drift-steps.js';
import { federationActivities } from './federation-activities.js';
import type { GateQuestion } from './gate.js';
import { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';
import { assessAndApply, type ResourceStep, resourceStep } from './resource-step.js';

/** Which key signs, and which certificate is in the key store: nobody changes that without a person. */
const neverMendedAlone: readonly ResourceName[] = ['samlMetadata', 'trustedCertificate'];

type DriftStepName = (typeof driftSteps)[number];

/** What a look has shown: the assessments, and the ids that were found beside the values that were agreed. */
interface Look {
  readonly assessments: readonly Assessment[];
  readonly known: KnownValues;
}

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

  for (const name of driftSteps.filter((each) => !isLookedAt(input, each)))
    operation.changeStep(name, { state: 'skipped' });
  const seen = await look(operation, input, async (name, assess) => {
    await step(name, async () => {
      const assessment = await assess(name);
      operation.changeStep(name, { assessment, problem: assessment.blockers[0] ?? null });
    });
    return operation.step(name).assessment;
  });
  const found = await judge(operation, input, seen.assessments, step);
  keepInSteps(operation, seen.assessments, found);
  operation.keepDrift({ differences: found, problems: problemsOf(operation) });
  await step('driftMended', () => mend(operation, input, found, seen.known));
  return operation.end(stopped ? 'stopped' : 'done');
}

/** Which resources have something to be looked at now. */
function isLookedAt({ spec, state }: AgreedInput, name: DriftStepName): boolean {
  if (name === 'serviceClient') return spec.provisioning.auth === 'oauth2';
  // A pause has turned the connection off: that is agreed.
  return state !== 'paused' || (name !== 'provisioningConnection' && name !== 'provisioningFeatures');
}

/**
 * Assesses every resource, as part of a step. Ids that one yields another one needs; none of it is agreed by being found.
 * A resource that could not be read is missing.
 */
async function look(
  operation: Operation,
  input: AgreedInput,
  within: (name: DriftStepName, assess: (step: StepName) => Promise<Assessment>) => Promise<Assessment | null>,
): Promise<Look> {
  const assessments: Assessment[] = [];
  let known: KnownValues = input.known;
  for (const name of driftSteps.filter((each) => isLookedAt(input, each))) {
    const resource = resourceStep(operation, name);
    const assessment = await within(name, (step) =>
      operation.attempt(step, resource.org, () => resource.assess({ ...operation.resourceInput, known })),
    );
    if (assessment === null) continue;
    known = { ...known, ...assessment.known, ...agreedValues(input.known) };
    assessments.push(assessment);
  }
  return { assessments, known };
}

/** The differences, each with what the System Log of the org in which it is seen says of its cause. */
async function judge(
  operation: Operation,
  { options, known: agreed }: AgreedInput<DriftOptions>,
  assessments: readonly Assessment[],
  step: (name: StepName, body: () => Promise<void>) => Promise<void>,
): Promise<readonly DriftDifference[]> {
  let causes: DriftCauses = {};
  if (!patched('drift-as-agreed')) {
    await step('driftCauses', async () => {
      causes = await readCauses(
        operation,
        assessments.filter(({ changes }) => changes.length > 0),
      );
    });
    return federationActivities.judgeDrift(assessments, causes, options, agreed);
  }
  const found = await federationActivities.judgeDrift(assessments, {}, options, agreed);
  const differing = new Set(found.map(({ resource }) => resource));
  await step('driftCauses', async () => {
    causes = await readCauses(
      operation,
      assessments.filter(({ resource }) => differing.has(resource)),
    );
  });
  return found.map((each) => ({ ...each, changed: causeOf(causes, each) }));
}

/** What is beyond the agreement has a cause of its own; the last change of the object says nothing of it. */
function causeOf(causes: DriftCauses, { resource, field, fix }: DriftDifference): DriftCause | null {
  return causes[fix === undefined ? resource : `${resource} ${field}`] ?? null;
}

async function readCauses(operation: Operation, differing: readonly Assessment[]): Promise<DriftCauses> {
  let causes: DriftCauses = {};
  for (const { name: org } of [operation.input.orgs.idp, operation.input.orgs.sp]) {
    const there = differing.filter((each) => each.org === org);
    if (there.length === 0) continue;
    const read = await operation.attempt('driftCauses', org, () =>
      callOrg(org, 'readDriftCauses', `Look: System Log of ${org}`, operation.resourceInput, there),
    );
    causes = { ...causes, ...read };
  }
  return causes;
}

/** Keeps in the steps what was found; what is ignored is no change of a step. */
function keepInSteps(
  operation: Operation,
  assessments: readonly Assessment[],
  differences: readonly DriftDifference[],
): void {
  for (const assessment of assessments) {
    const { resource: name } = assessment;
    const ofStep = differences.filter(({ resource }) => resource === name);
    const ignored = (field: string) => ofStep.some((each) => each.ignored && each.field === field);
    const changes = assessment.changes
      .map((change) => ({ ...change, fields: change.fields.filter(({ field }) => !ignored(field)) }))
      .filter(({ fields }) => fields.length > 0);
    const differs = ofStep.some((each) => !each.ignored && !each.mended);
    const surplus = assessment.surplus?.filter(({ field }) => !ignored(field));
    operation.changeStep(name, {
      assessment: { ...assessment, changes, ...(surplus === undefined ? {} : { surplus }) },
      ...(differs && operation.step(name).state !== 'stopped' ? { state: 'planned' } : {}),
    });
  }
}

function problemsOf({ steps }: Operation): readonly Problem[] {
  return steps.flatMap((each) => each.problem ?? []);
}

/** Brings back what security rests on, at once or when a person has agreed, and looks once more at what has come of it. */
async function mend(
  operation: Operation,
  input: AgreedInput<DriftOptions>,
  found: readonly DriftDifference[],
  known: KnownValues,
): Promise<void> {
  const { policy } = input.options;
  const differing = found.filter(({ security, ignored }) => security && !ignored);
  if (policy === 'report' || differing.length === 0) {
    operation.changeStep('driftMended', { state: 'skipped' });
    return;
  }
  const asks = differing.filter(
    ({ resource, fix }) =>
      policy === 'gate' || neverMendedAlone.includes(resource) || (fix !== undefined && patched('drift-asks-a-person')),
  );
  const agreed = asks.length === 0 || (await isAgreed(operation, asks));
  const resources = [
    ...new Set(differing.filter((each) => agreed || !asks.includes(each)).map(({ resource }) => resource)),
  ];
  const names = driftSteps.filter((each) => resources.includes(each));
  const left = patched('drift-mend-shown')
    ? await bringBackAndLook(operation, input, found, names, known)
    : await onlyBringBack(operation, found, names, known);
  if (!agreed) throw new Stopped(problem('O2O_GATE_REFUSED', { gate: 'securityDrift', choice: 'leave' }));
  if (left !== null) throw new Stopped(left);
}

/** Brings resources back, keeps what a look after it shows, and returns why something is not as agreed; null where all is. */
async function bringBackAndLook(
  operation: Operation,
  input: AgreedInput<DriftOptions>,
  found: readonly DriftDifference[],
  resources: readonly DriftStepName[],
  known: KnownValues,
): Promise<Problem | null> {
  if (resources.length === 0) return null;
  const hindered = new Map<DriftStepName, Problem>();
  await bringBack(operation, resources, known, (name, found) => {
    operation.changeStep(name, { state: 'stopped' });
    hindered.set(name, found);
  });
  const { assessments } = await look(operation, input, async (name, assess) => {
    try {
      const assessment = await assess('driftMended');
      operation.changeStep(name, { problem: assessment.blockers[0] ?? hindered.get(name) ?? null });
      return assessment;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      operation.changeStep(name, { state: 'stopped', problem: error.problem });
      return null;
    }
  });
  const { options, known: agreed } = input;
  const { differences, problems } = await federationActivities.judgeMend({
    found,
    resources,
    assessments,
    options,
    agreed,
  });
  keepInSteps(operation, assessments, differences);
  operation.keepDrift({ differences, problems: [...problemsOf(operation), ...problems] });
  return [...hindered.values(), ...problems][0] ?? null;
}

/** As a check that began before mends were looked at did it: what was carried out counts as mended. */
async function onlyBringBack(
  operation: Operation,
  found: readonly DriftDifference[],
  resources: readonly DriftStepName[],
  known: KnownValues,
): Promise<null> {
  await bringBack(operation, resources, known, (_, found) => {
    throw new Stopped(found);
  });
  operation.keepDrift({
    differences: found.map((each) => ({ ...each, mended: resources.some((name) => name === each.resource) })),
    problems: problemsOf(operation),
  });
  return null;
}

/** Brings one resource after the other back by the same apply as a setup. What was agreed stays agreed, whatever is found. */
async function bringBack(
  operation: Operation,
  resources: readonly DriftStepName[],
  looked: KnownValues,
  hinders: (name: DriftStepName, found: Problem) => void,
): Promise<void> {
  const agreed = agreedValues(operation.input.known);
  let known = looked;
  for (const name of resources) {
    const resource = mendStep(operation, name);
    try {
      await assessAndApply(operation, {
        ...resource,
        assess: (input) => resource.assess({ ...input, known }),
        apply: (input, assessment) => resource.apply({ ...input, known }, assessment),
      });
      operation.changeStep(name, { state: 'done' });
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      hinders(name, error.problem);
    }
    known = { ...known, ...operation.step(name).assessment?.known, ...agreed };
    operation.learn(agreed);
    operation.changeStep('driftMended', {
      applied: [...operation.step('driftMended').applied, ...operation.step(name).applied],
    });
  }
}

/** How a resource is brought back. Issuer and certificate are only read; which key signs can be written. */
function mendStep(operation: Operation, name: DriftStepName): ResourceStep {
  if (name !== 'samlMetadata') return resourceStep(operation, name);
  const org = operation.input.orgs.idp.name;
  return {
    step: name,
    resource: 'org2orgApp',
    org,
    assess: (input) => callOrg(org, 'assessAgreedKey', 'Drift · look: the key that signs', input),
    apply: (input, assessment) =>
      callOrg(
        org,
        'applyAgreedKey',
        `Drift · do: ${assessment.changes.map(({ summary }) => summary).join('; ')}`,
        input,
        assessment,
      ),
  };
}

async function isAgreed(operation: Operation, differing: readonly DriftDifference[]): Promise<boolean> {
  const answer = await operation.ask('driftMended', securityQuestion(differing));
  return answer.choice === 'mend';
}

/** What a mend does about a key that nobody agreed to. */
const aboutTheKey =
  'Mend has the Org2Org app sign with the agreed key again. To trust the certificate with which it signs now, answer leave and PUT the same specification.';

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
      ...(differing.some(({ resource }) => resource === 'samlMetadata') ? [aboutTheKey] : []),
      ...differing.flatMap(({ resource, field, fix }) =>
        fix === undefined ? [] : [`${resource} ${field}: ${fix} Then answer mend: the check looks once more.`],
      ),
    ],
    evidence: Object.fromEntries(described),
    choices: [
      { value: 'mend', meaning: 'Bring it back to what was agreed' },
      { value: 'leave', meaning: 'Leave it as it is' },
    ],
    role: 'operator',
  };
}
