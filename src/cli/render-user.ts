import type { TransitionReport, UserAnswer } from '../api/schemas/user.js';
import type { Check } from '../domain/check.js';
import type { OffboardingProof } from '../domain/offboarding-proof.js';
import { digestHolds } from '../domain/proof-digest.js';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import type { TransitionState, UserStep } from '../domain/user-lifecycle.js';
import { marks, type Paint, plain, renderGate, renderProblem, type Tone } from './render.js';

const tones: Partial<Record<TransitionState, Tone>> = {
  done: 'good',
  stopped: 'bad',
  waiting: 'waiting',
  gate: 'waiting',
  planned: 'waiting',
};

function renderCheck(check: Check, paint: Paint): string {
  const detail = check.result === 'passed' ? '' : ` (${check.detail})`;
  return paint('quiet', `      ${check.result}: ${check.statement}${detail}`);
}

/** One step of a transition: what was asked; below it what was done, decided and checked. */
export function renderUserStep(step: UserStep, paint: Paint = plain): string {
  const [mark, tone] = marks[step.state];
  const state = step.state === 'done' || step.state === 'pending' ? '' : paint(tone, `  ${step.state}`);
  const changes = step.state === 'planned' ? step.changes.map(({ org, summary }) => `would: ${summary} (${org})`) : [];
  return [
    `${paint(tone, mark)} ${step.title}${state}`,
    ...[...step.applied, ...changes].map((line) => paint('quiet', `      ${line}`)),
    ...(step.decided === null || step.problem !== null ? [] : [paint('quiet', `      ${step.decided}`)]),
    ...step.checks.map((check) => renderCheck(check, paint)),
    ...(step.problem === null ? [] : renderProblem(step.problem, paint)),
  ].join('\n');
}

/** A transition in one line: what, how it stands, who asked. */
export function renderTransitionLine(transition: TransitionReport, paint: Paint = plain): string {
  const { number, kind, dryRun, state, at, requestedBy, ticket, note } = transition;
  const planned = state === 'planned' && at !== null ? ` for ${at}` : '';
  const asked = `by ${requestedBy}${ticket === null ? '' : `, ${ticket}`}`;
  const why = note === null ? '' : ` (${note})`;
  return `${number}. ${kind}${dryRun ? ', dry run' : ''}: ${paint(tones[state] ?? 'quiet', state)}${planned}, ${asked}${why}`;
}

/** A transition step by step, with what a person must do now. */
export function renderTransition(
  federation: string,
  login: string,
  transition: TransitionReport,
  paint: Paint = plain,
): string {
  const open = transition.steps.flatMap(({ gate }) => (gate?.state === 'open' ? [gate] : []));
  return [
    renderTransitionLine(transition, paint),
    ...transition.steps.map((step) => renderUserStep(step, paint)),
    ...open.flatMap((gate) => ['', renderGate(federation, gate, paint, ['user', login])]),
  ].join('\n');
}

/** A user: every transition in one line, and the last one that began step by step. */
export function renderUser(user: UserAnswer, paint: Paint = plain): string {
  const { federationId, login, state, movedTo, transitions, links } = user;
  const last = transitions.findLast(({ startedAt }) => startedAt !== null);
  return [
    paint('strong', `${login} in ${federationId}: ${state}`),
    ...(movedTo === null ? [] : [`Goes on under the login ${movedTo}`]),
    ...transitions.filter((one) => one !== last).map((one) => renderTransitionLine(one, paint)),
    ...(last === undefined ? [] : ['', renderTransition(federationId, login, last, paint)]),
    ...(links.temporal === null ? [] : ['', `Temporal UI: ${links.temporal}`]),
  ].join('\n');
}

/** Whether a check or a verdict passed, in one mark. */
export function renderResult({ result }: Pick<Check, 'result'>, paint: Paint): string {
  if (result === 'passed') return paint('good', '✓');
  return result === 'failed' ? paint('bad', '✗') : paint('waiting', '?');
}

/** What shows that a leaver is gone, and whether the digest is the one of this content. */
export function renderProof(proof: OffboardingProof, paint: Paint = plain): string {
  const { federationId, transition, user, requestedBy, reason, ticket, statements, provenAt, digest } = proof;
  return [
    paint('strong', `Proof of offboarding ${transition} of ${user.login} in ${federationId}`),
    `User ${user.idpUserId ?? 'unknown'} in the IdP org, ${user.spUserId ?? 'unknown'} in the SP org`,
    `Asked for by ${requestedBy}${reason === null ? '' : `: ${reason}`}${ticket === null ? '' : ` (${ticket})`}`,
    ...statements.flatMap((statement) => [
      `${renderResult(statement, paint)} ${statement.statement}: ${statement.detail}`,
      ...statement.evidence.map(({ org, operation, status, at, requestId }) =>
        paint('quiet', `      ${org}: ${operation} answered ${status} at ${at}, request ${requestId ?? 'unknown'}`),
      ),
    ]),
    `Proven at ${provenAt}`,
    `${digest} ${digestHolds(proof) ? paint('good', '(holds)') : paint('bad', '(is not that of this content)')}`,
  ].join('\n');
}

/** Why a user can, or cannot, get in: the verdict, then every check in the order of cause. */
export function renderDiagnosis({ verdict, checks }: UserDiagnosis, paint: Paint = plain): string {
  return [
    `${renderResult(verdict, paint)} ${paint('strong', verdict.sentence)}`,
    ...(verdict.fix === null ? [] : [`Fix: ${verdict.fix}`]),
    '',
    ...checks.map((check) => `${renderResult(check, paint)} ${check.statement}: ${check.detail}`),
  ].join('\n');
}
