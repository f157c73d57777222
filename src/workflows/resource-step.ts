import type { Applied, Assessment, Candidate, ResourceInput, ResourceName } from '../domain/assessment.js';
import { problem } from '../domain/errors.js';
import type { SetupStepName, StepName } from '../domain/federation.js';
import type { GateChoice } from '../domain/gate.js';
import type { GateQuestion } from './gate.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';

/** Resources of which a second one may be made beside those that were found. */
const mayStandBeside: readonly ResourceName[] = ['targetApp', 'org2orgApp'];

/** How often the org may change between assess and apply before a person must look. */
const mostChangesMeanwhile = 5;

/** How one resource is assessed and applied; the same loop serves plan and setup. */
export interface ResourceStep {
  readonly step: StepName;
  readonly resource: ResourceName;
  readonly org: string;
  assess(input: ResourceInput): Promise<Assessment>;
  apply(input: ResourceInput, agreed: Assessment): Promise<Applied>;
}

/** The step of a resource that has activities of its own name; `inStep` where it is not called like the resource. */
export function resourceStep(
  operation: Operation,
  resource: ResourceName & SetupStepName,
  inStep: StepName = resource,
): ResourceStep {
  const step = operation.step(inStep);
  const { orgs } = operation.input;
  const org = step.side === 'idp' ? orgs.idp.name : orgs.sp.name;
  const name = `${resource[0]?.toUpperCase() ?? ''}${resource.slice(1)}` as Capitalize<typeof resource>;
  return {
    step: inStep,
    resource,
    org,
    assess: (input) => callOrg(org, `assess${name}`, `${step.guide} · look: ${step.title}`, input),
    apply: (input, agreed) =>
      callOrg(
        org,
        `apply${name}`,
        `${step.guide} · do: ${agreed.changes.map((change) => change.summary).join('; ')}`,
        input,
        agreed,
      ),
  };
}

/**
 * Assesses a resource and, unless the operation only plans, applies what would have to change and reads it back.
 * Stops at a blocker, asks a person where several objects fit, and assesses anew what changed meanwhile.
 */
export async function assessAndApply(
  operation: Operation,
  { step, resource, org, assess, apply }: ResourceStep,
): Promise<void> {
  for (let round = 0; round < mostChangesMeanwhile; round += 1) {
    const assessment = await operation.attempt(step, org, () => assess(operation.resourceInput));
    operation.changeStep(step, { assessment });
    if (operation.plansOnly) {
      operation.learn(assessment.known);
      operation.changeStep(step, { state: 'planned', problem: assessment.blockers[0] ?? null });
      return;
    }
    const [blocker] = assessment.blockers;
    if (blocker !== undefined) throw new Stopped(blocker);
    if (assessment.candidates.length > 0) {
      await chooseCandidate(operation, step, resource, assessment);
      continue;
    }
    operation.learn(assessment.known);
    if (assessment.changes.length === 0) return;
    const applied = await operation.attempt(step, org, () => apply(operation.resourceInput, assessment));
    operation.learn(applied.assessment.known);
    operation.changeStep(step, { assessment: applied.assessment });
    if (applied.outcome === 'applied') {
      operation.changeStep(step, {
        applied: [...operation.step(step).applied, ...assessment.changes.map((change) => change.summary)],
      });
      if (assessment.changes.some(({ write }) => write === 'create')) operation.keepMade(resource);
      return;
    }
  }
  throw new Stopped(problem('O2O_CHANGES_MEANWHILE', { resource, org }));
}

async function chooseCandidate(
  operation: Operation,
  step: StepName,
  resource: ResourceName,
  assessment: Assessment,
): Promise<void> {
  const beside = mayStandBeside.includes(resource);
  const question = candidateQuestion(resource, assessment, beside);
  const answer = await operation.ask(step, question);
  operation.choose(
    resource,
    answer.choice === 'create'
      ? { createBeside: assessment.candidates.map((candidate) => candidate.id) }
      : { use: answer.choice },
  );
}

function candidateQuestion(resource: ResourceName, assessment: Assessment, beside: boolean): GateQuestion {
  const describe = (candidate: Candidate) =>
    `${candidate.label} (${Object.entries(candidate.facts)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join(', ')})`;
  const choices: GateChoice[] = assessment.candidates.map((candidate) => ({
    value: candidate.id,
    meaning: `Use ${describe(candidate)}`,
  }));
  return {
    name: `chooseCandidate-${resource}`,
    kind: 'chooseCandidate',
    question: `Which one is the ${resource} of this federation? ${assessment.explanation}`,
    instructions: [
      `Look at the candidates in the console of ${assessment.org} and choose the one that belongs to this federation.`,
      ...(beside ? ['Choose create to leave them alone and make a new one beside them.'] : []),
    ],
    evidence: Object.fromEntries(assessment.candidates.map((candidate) => [candidate.id, describe(candidate)])),
    choices: beside ? [...choices, { value: 'create', meaning: 'Make a new one beside them' }] : choices,
    role: 'operator',
  };
}
