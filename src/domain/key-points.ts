import type { Assessment } from './assessment.js';
import type { Check } from './check.js';
import { failed, type Judgement, passed, unknown } from './diagnosis-check.js';

/** An API token as far as its life is concerned. */
export interface SeenTokenLife {
  readonly id: string;
  /** Okta's id of the user whose it is. */
  readonly owner: string | null;
  readonly created: string | null;
  readonly expiresAt: string | null;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Okta lets a token live so long after its last use. */
const unusedLifeMs = 30 * dayMs;

/** A token that ends so soon has not been used for three weeks. */
const soonMs = 7 * dayMs;

/** Whether an assessment shows one of these fields, or any, as agreed; names what differs. */
export function assessedCheck(
  name: string,
  statement: string,
  { changes, blockers, evidence }: Assessment,
  ofInterest: (field: string) => boolean = () => true,
): Check {
  const differing = changes.flatMap(({ fields }) => fields.filter(({ field }) => ofInterest(field)));
  const details = [
    ...differing.map(
      ({ field, before, after }) => `${field} is ${JSON.stringify(before)}, agreed ${JSON.stringify(after)}`,
    ),
    ...blockers.map(({ message }) => message),
  ];
  const judgement =
    details.length === 0 ? passed('as agreed') : failed(details.join('; '), 'Send the same PUT again: it mends this.');
  return { name, statement, ...judgement, evidence };
}

/**
 * What the tokens of one owner show of age and last use. Okta does not tell which of them is connected.
 *
 * @param listed tokens of the SP org as they were before this verification used one.
 * @param now milliseconds since the epoch.
 */
export function tokenLife(owner: string, listed: readonly SeenTokenLife[], now: number): Judgement {
  const tokens = listed.filter((token) => token.owner === owner);
  if (tokens.length === 0)
    return unknown(`the SP org lists no token of ${owner}`, 'Look under Security > API > Tokens of the SP org.');
  const lives = tokens.map(({ id, created, expiresAt }) => {
    const age = created === null ? 'of unknown age' : `${Math.floor((now - Date.parse(created)) / dayMs)} day(s) old`;
    if (expiresAt === null) return `${id} is ${age}`;
    const lastUse = new Date(Date.parse(expiresAt) - unusedLifeMs).toISOString();
    return `${id} is ${age}, last used at ${lastUse}, works until ${expiresAt}`;
  });
  const detail = lives.join('; ');
  const endsBy = (time: number) => tokens.every(({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) <= time);
  if (endsBy(now))
    return failed(
      detail,
      'Create a new token of a service account and put it where provisioning.token points, then PUT again.',
    );
  if (endsBy(now + soonMs))
    return failed(
      detail,
      'Nobody has used the token for three weeks: see why nothing is provisioned. Any use lets it live 30 days more, and this verification has used it: verify more often than that.',
    );
  return passed(detail);
}
