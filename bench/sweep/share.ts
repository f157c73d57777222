import type { UserFederation } from '../../src/domain/user-lifecycle.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { allowedOf } from '../../src/okta/rate-plan.js';
import { windowsOf } from '../rate/budget.js';
import { atLeast, atMost, type BenchFigure } from '../result.js';
import type { Stage } from '../users/stage.js';
import { neededLists } from './fewest-pages.js';
import type { Population } from './population.js';
import { sweepOnce } from './turns.js';

/** Okta's limits times this, in windows that short, so that the assignments of 100,000 users last for some windows. */
const factor = 2.4;
const windowMs = 30_000;

/** The bucket of the assignments, and what of it one token has. */
const bucket = '/api/v1/apps';
const limit = 100 * factor * 0.5;
const share = 0.5;

/** How much of the share a sweep uses that has the budget for itself, in the windows in which it reads all the time. */
export async function shareFigures(
  stage: Stage,
  ledger: Ledger,
  federation: UserFederation,
  population: Population,
): Promise<readonly BenchFigure[]> {
  await stage.sandbox.limits({ factor, windowMs, latencyMs: 20 });
  const { requests } = await sweepOnce(stage, ledger, population);
  await stage.sandbox.withoutLimits();
  const allowed = allowedOf(limit, share);
  const used = windowsOf(
    requests.filter(({ org }) => org === 'idp'),
    bucket,
    windowMs,
  ).map((window) => window.used);
  const full = used.slice(0, -1);
  const assignments = neededLists(federation, population).find(({ org }) => org === 'idp');
  const how = `${bucket} of the IdP org: ${limit} requests in ${windowMs / 1_000} s for this token, of which ${allowed} are ours; ${assignments?.entries} assignments; used in each window: ${used.join(', ')}`;
  return [
    atLeast(
      'used of the allowed share by a sweep alone',
      full.reduce((sum, count) => sum + count, 0) / (allowed * Math.max(1, full.length)),
      0.95,
      '',
      `${how}; the last window counts for nothing: reading ends in it`,
    ),
    atMost(
      'answers 429 to that sweep',
      requests.filter(({ status }) => status === 429).length,
      0,
      '',
      'from both orgs',
    ),
  ];
}
