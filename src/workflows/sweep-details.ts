import type { SweepList, SweepRecord, SweepStep } from '../domain/sweep.js';
import { gateLines, marks } from './current-details.js';

/** Most reasons that are shown. */
const mostReasons = 10;

const listTitles: Readonly<Record<SweepList, string>> = {
  accessGroupMembers: 'members of the access group',
  identityProviderUsers: 'linked to the identity provider',
  administrators: 'administrators of the SP org',
  assignments: 'assigned in the IdP org',
  otherAdministrators: 'administrators of the SP org by the role of a group',
  otherSpUsers: 'of the SP org, named by an assignment only',
  otherIdpUsers: 'of the IdP org, without an assignment',
};

/** `3 done, 1 failed`, without what is zero; null if all is. */
function nonZero(counts: Readonly<Record<string, number>>): string | null {
  const parts = Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []));
  return parts.length === 0 ? null : parts.join(', ');
}

/** How much was read of each list, in words. */
export function readLines({ lists }: SweepRecord): readonly string[] {
  return lists.map(
    ({ list, pages, items, ended }) =>
      `${items} ${listTitles[list]} (${pages} ${pages === 1 ? 'page' : 'pages'}${ended ? '' : ' so far'})`,
  );
}

/** How much was read in all, how fast, and while it reads when all will have been; null before anything was. */
export function pace(record: SweepRecord): string | null {
  const { lists, rate } = record;
  if (lists.length === 0) return null;
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const read = `${sum(lists.map(({ items }) => items))} users on ${sum(lists.map(({ pages }) => pages))} pages`;
  const speed = rate === null ? '' : `, ${rate.usersPerSecond} a second`;
  const end =
    rate?.expectedEnd == null || found(record) !== null
      ? ''
      : `, all of them by about ${rate.expectedEnd.slice(0, 16)}Z`;
  return `${read}${speed}${end}`;
}

/** What was found, in words; null before everyone was judged. */
export function found({ population, source, findings }: SweepRecord): string | null {
  const counts = nonZero(findings);
  return counts === null ? null : `${counts}, of ${population} users with ${source} assignments`;
}

/** What became of the list of actions, in words; null before there is one. */
export function acted({ listDigest, actions: { listed, ...outcomes } }: SweepRecord): string | null {
  if (listDigest === null) return null;
  return listed === 0 ? 'nobody' : `${listed} in all: ${nonZero(outcomes)}`;
}

/** What a step came to, where `readLines` do not say it already; null if there is no more to say. */
export function decision({ name, state, decided }: SweepStep): string | null {
  const read = state !== 'skipped' && (name === 'population' || name === 'source');
  return read ? null : decided;
}

function what(step: SweepStep): string {
  if (step.problem !== null) return `${step.problem.message} **${step.problem.fix}**`;
  return step.gate?.state === 'open' ? 'waits for the approval' : (decision(step) ?? '');
}

function stepLine(step: SweepStep): string {
  const text = what(step).replaceAll('\n', ' ').slice(0, 600);
  return `- ${marks[step.state]} **${step.title}**${text === '' ? '' : `: ${text}`}`;
}

/** A sweep as Markdown for the Temporal UI: what was read, found and done, how fast, and what it waits for. Ids only. */
export function sweepDetails(record: SweepRecord): string {
  const { spec, state, startedBy, attempt, waitingFor, reasons, steps } = record;
  const gates = steps.flatMap(({ gate }) => (gate?.state === 'open' ? [gate] : []));
  const told = (title: string, text: string | null) => (text === null ? [] : ['', `**${title}** ${text}`]);
  return [
    `**Sweep (${spec.mode})** by ${startedBy}: **${state}**${attempt > 1 ? `, attempt ${attempt} to read` : ''}`,
    ...told('Waits for', waitingFor),
    '',
    ...gates.flatMap(gateLines),
    ...(gates.length > 0 ? [] : reasons.slice(0, mostReasons).map((reason) => `- ${reason}`)),
    ...told('Read:', pace(record)),
    '',
    ...readLines(record).map((line) => `- ${line}`),
    ...told('Found:', found(record)),
    ...told('List of actions:', acted(record)),
    '',
    ...steps.map(stepLine),
  ].join('\n');
}
