import type { FederationAnswer } from '../api/schemas/federation.js';
import type { ProblemDocument } from '../api/schemas/problem.js';
import type { Change, FieldValue } from '../domain/assessment.js';
import type { Problem } from '../domain/errors.js';
import type { Facts } from '../domain/evidence.js';
import type { OperationStatus, Step, StepState } from '../domain/federation.js';
import type { Gate } from '../domain/gate.js';

/** What colour means in the output. */
export type Tone = 'good' | 'bad' | 'waiting' | 'quiet' | 'strong';

/** Colours a text for the terminal; leaves it as it is where colours are not wanted. */
export type Paint = (tone: Tone, text: string) => string;

export const plain: Paint = (_, text) => text;

/** What stands before a step in each state. */
export const marks: Record<StepState, readonly [mark: string, tone: Tone]> = {
  done: ['✓', 'good'],
  running: ['…', 'strong'],
  gate: ['?', 'waiting'],
  waiting: ['~', 'waiting'],
  stopped: ['✗', 'bad'],
  planned: ['+', 'strong'],
  skipped: ['-', 'quiet'],
  pending: ['·', 'quiet'],
};

const guideWidth = 'Prerequisites'.length;

/** One step in one line, with what it wrote, and what keeps it from going on below it. */
export function renderStep(step: Step, paint: Paint = plain): string {
  const [mark, tone] = marks[step.state];
  const head = `${paint(tone, mark)} ${step.guide.padEnd(guideWidth)}  ${step.title}`;
  const state = step.state === 'done' || step.state === 'pending' ? '' : paint(tone, `  ${step.state}`);
  const details = [
    ...step.applied,
    ...step.checks.map(
      (check) => `${check.result}: ${check.statement}${check.result === 'passed' ? '' : ` (${check.detail})`}`,
    ),
  ].map((line) => paint('quiet', `      ${line}`));
  return [head + state, ...details, ...(step.problem === null ? [] : renderProblem(step.problem, paint))].join('\n');
}

/** What keeps a step from going on, and what to do. */
export function renderProblem({ code, message, fix }: Problem, paint: Paint): string[] {
  return [paint('bad', `      ${code}: ${message}`), `      Fix: ${fix}`];
}

/** A federation as a list of steps, then what a person must do now. */
export function renderFederation(answer: FederationAnswer, paint: Paint = plain): string {
  const { idp, sp } = answer.orgs;
  return [
    paint('strong', `Federation ${answer.id}: ${answer.state}`),
    `${idp.name} (${idp.url}) → ${sp.name} (${sp.url})`,
    ...answer.notices.map((notice) => `Notice: ${notice}`),
    '',
    ...answer.steps.map((step) => renderStep(step, paint)),
    ...answer.gates.flatMap((gate) => ['', renderGate(answer.id, gate, paint)]),
    ...(answer.links.temporal === null ? [] : ['', `Temporal UI: ${answer.links.temporal}`]),
  ].join('\n');
}

/** Whose gate it is where it is not the federation's: a user's, by the login, or that of the rollout of a group. */
type GateOwner = readonly [option: 'user' | 'rollout', value: string];

/** An operation as a list of steps. */
export function renderOperation({ kind, outcome, startedBy, steps }: OperationStatus, paint: Paint = plain): string {
  return [
    paint('strong', `${kind} by ${startedBy}: ${outcome ?? 'running'}`),
    ...steps.map((step) => renderStep(step, paint)),
  ].join('\n');
}

/** What a person must do at a gate, and the command that answers it. */
export function renderGate(
  federation: string,
  gate: Gate,
  paint: Paint = plain,
  owner: GateOwner | null = null,
): string {
  const of = owner === null ? '' : ` --${owner[0]} ${shellWord(owner[1])}`;
  return [
    paint('waiting', `Gate ${gate.name}: ${gate.question}`),
    ...gate.instructions.map((line, index) => `  ${index + 1}. ${line}`),
    ...renderFacts(gate.evidence),
    `  Needs the role ${gate.role}; open until ${gate.expiresAt}.`,
    ...gate.choices.map(
      ({ value, meaning }) =>
        `  org2org answer ${federation} ${gate.name} ${value}${of} --why "…"   ${paint('quiet', meaning)}`,
    ),
  ].join('\n');
}

/** A text as one word of a command line. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function renderFacts(facts: Facts): string[] {
  return Object.entries(facts).flatMap(([name, fact]) => {
    const lines = (Array.isArray(fact) ? fact : [String(fact)]).flatMap((line: string) => line.split('\n'));
    return lines.length === 1 ? [`  ${name}: ${lines[0]}`] : [`  ${name}:`, ...lines.map((line) => `    ${line}`)];
  });
}

/** What a plan would change, org by org. */
export function renderPlan(plan: OperationStatus, paint: Paint = plain): string {
  const changes = plan.steps.flatMap((step) => step.assessment?.changes ?? []);
  const orgs = [...new Set(changes.map((change) => change.org))];
  const problems = plan.steps.flatMap((step) => [
    ...(step.problem === null ? [] : renderProblem(step.problem, paint)),
    ...(step.assessment?.blockers ?? []).flatMap((blocker) => renderProblem(blocker, paint)),
  ]);
  if (changes.length === 0 && problems.length === 0) return 'Nothing would change: both orgs are as specified.';
  return [
    ...orgs.flatMap((org) => [
      paint('strong', `${org}:`),
      ...changes.filter((change) => change.org === org).flatMap((change) => renderChange(change, paint)),
    ]),
    ...problems,
  ].join('\n');
}

function renderChange(change: Change, paint: Paint): string[] {
  const fields = change.fields.map(
    ({ field, before, after }) =>
      `      ${field}: ${before === null ? '' : `${renderValue(before)} → `}${renderValue(after)}`,
  );
  return [`  ${paint('good', '+')} ${change.summary}`, ...fields.map((line) => paint('quiet', line))];
}

function renderValue(value: FieldValue): string {
  if (typeof value === 'object' && value !== null && 'knownAfter' in value) return `(known after ${value.knownAfter})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An answer of the API that is not a success, with every wrong field. */
export function renderApiProblem(problem: ProblemDocument, paint: Paint = plain): string {
  return [
    paint('bad', `${problem.code}: ${problem.detail}`),
    ...problem.errors.map(
      ({ pointer, message, fix }) => `  ${pointer === '' ? '(the document)' : pointer} ${message}. ${fix}`,
    ),
    `Fix: ${problem.fix}`,
    paint('quiet', `Request ${problem.requestId}`),
  ].join('\n');
}
