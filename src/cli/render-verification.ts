import type { DriftAnswer } from '../api/schemas/drift.js';
import type { VerificationAnswer } from '../api/schemas/verification.js';
import type { FieldValue } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import type { DriftDifference } from '../domain/drift.js';
import { type Paint, plain, renderGate, renderProblem, type Tone } from './render.js';

const tones: Readonly<Record<Check['result'], Tone>> = { passed: 'good', failed: 'bad', unknown: 'waiting' };

function renderChecks(title: string, checks: readonly Check[], paint: Paint): string[] {
  if (checks.length === 0) return [];
  return [
    '',
    paint('strong', title),
    ...checks.flatMap(({ result, statement, detail, fix }) => [
      `${paint(tones[result], result.padEnd(7))} ${statement}: ${detail}`,
      ...(fix === null ? [] : [`        Fix: ${fix}`]),
    ]),
  ];
}

/** A verification: the verdict, the guide's lines, and what was checked besides. */
export function renderVerification(answer: VerificationAnswer, paint: Paint = plain): string {
  const { federation, result, live, problems } = answer;
  const since = live === null ? 'not live' : `live since ${live.since}, by ${live.by}`;
  return [
    `${paint('strong', `Verification of ${federation}:`)} ${paint(tones[result ?? 'unknown'], result ?? 'running')}, ${since}`,
    ...problems.flatMap((each) => renderProblem(each, paint)),
    ...renderChecks("The guide's checklist", answer.checklist, paint),
    ...renderChecks('Key points', answer.keyPoints, paint),
    ...renderChecks('Configuration', answer.configuration, paint),
    ...renderChecks('The canary', answer.canary, paint),
  ].join('\n');
}

function shown(value: FieldValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function renderDifference(difference: DriftDifference, paint: Paint): string[] {
  const { org, resource, field, specification, agreed, found, security, ignored, mended, changed, fix } = difference;
  const marks = [security ? 'security' : null, ignored ? 'ignored' : null, mended ? 'mended' : null];
  const marked = marks.filter((mark) => mark !== null).join(', ');
  const who =
    changed === null
      ? 'the System Log tells of no change'
      : `last changed at ${changed.at} by ${changed.actorName ?? changed.actorId ?? 'nobody known'} (${changed.eventType})`;
  return [
    `${paint(security && !ignored && !mended ? 'bad' : 'waiting', '≠')} ${org} ${resource} ${specification ?? field}${marked === '' ? '' : ` (${marked})`}`,
    paint('quiet', `      ${field}: agreed ${shown(agreed)}, found ${shown(found)}; ${who}`),
    ...(fix === undefined || ignored || mended ? [] : [paint('quiet', `      do: ${fix}`)]),
  ];
}

/** What a drift check has found, and what a person must decide. */
export function renderDrift(answer: DriftAnswer, paint: Paint = plain): string {
  const { federation, agrees, outcome, differences, problems, gates } = answer;
  const verdict = outcome === null ? 'running' : agrees ? 'as agreed' : 'not as agreed';
  return [
    `${paint('strong', `Drift of ${federation}:`)} ${paint(agrees === true ? 'good' : 'waiting', verdict)}`,
    ...differences.flatMap((difference) => renderDifference(difference, paint)),
    ...problems.flatMap((each) => renderProblem(each, paint)),
    ...gates.flatMap((gate) => ['', renderGate(federation, gate, paint)]),
  ].join('\n');
}
