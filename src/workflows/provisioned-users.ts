import { sleep } from '@temporalio/workflow';
import { problem } from '../domain/errors.js';
import type { ProvisionedPage } from '../domain/provisioned-users.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';

/** How long the assigned users of a page may take to arrive in the SP org before a person must look. */
const arriveWithinMs = 15 * 60 * 1000;

/** How many of the provisioned users are looked at one by one in the SP org. */
const lookedAtOneByOne = 20;

interface Totals {
  queued: number;
  failed: number;
  notProvisioned: number;
  /** SP user ids, page by page. */
  pages: (readonly string[])[];
}

function readPage(operation: Operation, after: string | null): Promise<ProvisionedPage> {
  const { idp } = operation.input.orgs;
  return operation.attempt('provisionedUsers', idp.name, () =>
    callOrg(
      idp.name,
      'readProvisionedUsers',
      'Step 5 · look: users of the Org2Org app',
      operation.resourceInput,
      after,
    ),
  );
}

/** The page once nobody on it is queued any more, or as it is at the deadline. */
async function settledPage(operation: Operation, after: string | null, deadline: number): Promise<ProvisionedPage> {
  let page = await readPage(operation, after);
  for (let look = 0; page.queued.length > 0 && Date.now() < deadline; look += 1) {
    await sleep(Math.min(500 * 2 ** look, 30_000), {
      summary: `${page.queued.length} of ${page.assigned} users still queued`,
    });
    page = await readPage(operation, after);
  }
  return page;
}

/** Page by page, so that what has arrived is read once, however many users there are. */
async function readAll(operation: Operation): Promise<Totals> {
  const totals: Totals = { queued: 0, failed: 0, notProvisioned: 0, pages: [] };
  let deadline = Date.now() + arriveWithinMs;
  let after: string | null = null;
  do {
    const page: ProvisionedPage = await settledPage(operation, after, deadline);
    totals.queued += page.queued.length;
    if (totals.queued === 0) deadline = Date.now() + arriveWithinMs;
    totals.failed += page.failed.length;
    totals.notProvisioned += page.notProvisioned.length;
    if (page.provisioned.length > 0) totals.pages.push(page.provisioned);
    after = page.after;
  } while (after !== null);
  return totals;
}

/**
 * Guide, step 5: the assigned users appear in the SP org. Asks until nobody is queued any more, then takes a fresh look
 * in the SP org.
 *
 * @returns the SP user ids of all who are provisioned, page by page.
 */
export async function provisionedUsers(operation: Operation): Promise<readonly (readonly string[])[]> {
  const { spec, orgs } = operation.input;
  if (!spec.provisioning.features.create) {
    operation.changeStep('provisionedUsers', { state: 'skipped' });
    return [];
  }
  const totals = await readAll(operation);
  const missing = totals.queued + totals.failed + totals.notProvisioned;
  if (missing > 0) {
    const detail = `${totals.queued} queued, ${totals.failed} failed, ${totals.notProvisioned} assigned before provisioning was on`;
    throw new Stopped(problem('O2O_USER_NOT_PROVISIONED', { org: orgs.idp.name, count: missing, detail }));
  }
  const some = totals.pages.flat().slice(0, lookedAtOneByOne);
  const check = await operation.attempt('provisionedUsers', orgs.sp.name, () =>
    callOrg(
      orgs.sp.name,
      'checkArrivedUsers',
      'Step 5 · read back: users in the SP org',
      operation.resourceInput,
      some,
    ),
  );
  operation.changeStep('provisionedUsers', { checks: [check] });
  if (check.result === 'failed') {
    throw new Stopped(problem('O2O_USER_NOT_PROVISIONED', { org: orgs.sp.name, count: 1, detail: check.detail }));
  }
  return totals.pages;
}
