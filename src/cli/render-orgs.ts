import { stringify } from 'yaml';
import type { AdoptablePair, Adoption } from '../domain/adoption.js';
import type { Check } from '../domain/check.js';
import type { Preflight } from '../domain/preflight.js';
import { type Paint, plain, renderProblem } from './render.js';
import { renderResult } from './render-user.js';

function renderChecked(check: Check, paint: Paint): string[] {
  const { statement, detail, fix, result } = check;
  const line = `${renderResult(check, paint)} ${statement}: ${detail}`;
  return result === 'passed' || fix === null ? [line] : [line, paint('quiet', `      Fix: ${fix}`)];
}

/** Whether two orgs can be federated: the verdict, every check in the order of cause, then advice. */
export function renderPreflight({ verdict, checks, advice }: Preflight, paint: Paint = plain): string {
  return [
    `${renderResult(verdict, paint)} ${paint('strong', verdict.sentence)}`,
    '',
    ...checks.flatMap((check) => renderChecked(check, paint)),
    '',
    paint('strong', 'Advice, which stands in nobody’s way:'),
    ...advice.flatMap((check) => renderChecked(check, paint)),
  ].join('\n');
}

/** What is federated already: each pair with its specification, ready for a file. */
export function renderAdoption({ idp, sp, pairs, unpaired }: Adoption, paint: Paint = plain): string {
  return [
    paint('strong', `${pairs.length} pair(s) between ${idp} and ${sp}.`),
    ...pairs.flatMap((pair) => ['', ...renderPair(pair, paint)]),
    ...unpaired.map(({ org, id, label, detail }) => `${paint('waiting', '?')} ${org}: ${label} (${id}), ${detail}`),
  ].join('\n');
}

function renderPair(pair: AdoptablePair, paint: Paint): string[] {
  const { org2orgApp, identityProvider, owner, checks, changes, blockers, notes, specification } = pair;
  return [
    paint('strong', `${org2orgApp.label} (${org2orgApp.id}) → ${identityProvider.name} (${identityProvider.id})`),
    ...(owner === null ? [] : [paint('bad', `  It belongs to the federation ${owner}: only ${owner} may take it.`)]),
    ...checks.filter(({ result }) => result !== 'passed').flatMap((check) => renderChecked(check, paint)),
    ...blockers.flatMap((blocker) => renderProblem(blocker, paint)),
    ...changes.map(({ org, summary }) => `  ${paint('good', '+')} ${org}: ${summary}`),
    ...notes.map((note) => `  Note: ${note}`),
    '',
    stringify(specification).trimEnd(),
  ];
}
