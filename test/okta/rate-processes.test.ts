import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.js';
import { Org2OrgError } from '../../src/domain/errors.js';
import { listApplications } from '../../src/okta/applications.js';
import { listUsersByLogins } from '../../src/okta/users.js';
import { openTestOrg } from './support/open-session.js';

const windowMs = 4_000;
/** Of the bucket of lists of apps for one token, and what of it the product may use. */
const limit = 100;
const allowed = limit / 2;

const reader = fileURLToPath(new URL('./fixtures/rate-reader.ts', import.meta.url));
const Read = z.object({ answers: z.number(), refused: z.number() });

async function startLimited(): Promise<Sandbox> {
  const sandbox = await startSandbox({ rateLimits: { factor: 2, windowMs } });
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

/** Starts a process that reads the IdP org for some windows. */
async function readInProcess({ idp }: Sandbox, milliseconds: number): Promise<z.output<typeof Read>> {
  const args = ['--import', 'tsx', reader, idp.url, idp.token, String(milliseconds)];
  return Read.parse(JSON.parse((await promisify(execFile)(process.execPath, args)).stdout));
}

/** How many requests each window of the bucket took, by the org's own log: a window begins with a request. */
function windowsOf(sandbox: Sandbox): readonly number[] {
  const windows: { begins: number; count: number }[] = [];
  for (const { time, operation } of sandbox.requestsTo('idp')) {
    if (operation !== 'listApplications') continue;
    const at = Date.parse(time);
    const last = windows.at(-1);
    if (last === undefined || at >= last.begins + windowMs) windows.push({ begins: at, count: 1 });
    else last.count += 1;
  }
  return windows.map(({ count }) => count);
}

describe('two processes that read the same org', () => {
  test('use their share together without a word between them, and never more', async () => {
    const sandbox = await startLimited();
    const reads = await Promise.all([readInProcess(sandbox, 18_000), readInProcess(sandbox, 18_000)]);
    expect(reads.map(({ refused }) => refused)).toEqual([0, 0]);
    const windows = windowsOf(sandbox);
    expect(windows.length).toBeGreaterThan(2);
    expect(Math.max(...windows)).toBeLessThanOrEqual(allowed);
    expect(Math.max(...windows)).toBeGreaterThan(allowed / 2);
    for (const { answers } of reads) expect(answers).toBeGreaterThan(allowed / 2);
  });

  test('leave the budget alone that a stranger with the same token uses, whatever the org takes for the time', async () => {
    const sandbox = await startLimited();
    sandbox.idp.org.clock.advance(-3 * 3_600_000);
    const until = Date.now() + 14_000;
    let strangerRefused = 0;
    const stranger = (async () => {
      while (Date.now() < until) {
        const headers = { authorization: `SSWS ${sandbox.idp.token}` };
        const { status } = await fetch(`${sandbox.idp.url}/api/v1/apps?limit=1`, { headers });
        if (status === 429) strangerRefused += 1;
        await wait(80);
      }
    })();
    const reads = await Promise.all([readInProcess(sandbox, 12_000), readInProcess(sandbox, 12_000)]);
    await stranger;
    expect(strangerRefused).toBe(0);
    expect(reads.map(({ refused }) => refused)).toEqual([0, 0]);
  });
});

test('a list that is long is not begun anew because it has to wait', async () => {
  const sandbox = await startSandbox({ rateLimits: { factor: 0.05, windowMs: 3_000 } });
  onTestFinished(() => sandbox.stop());
  const logins = Array.from({ length: 700 }, (_, index) => `nobody-with-a-long-login-${index}@acme.example`);
  const session = openTestOrg(sandbox.idp.url, { secrets: async () => sandbox.idp.token }).session({
    priority: 'sweep',
  });
  expect(await listUsersByLogins(session, logins)).toEqual([]);
  const filters = sandbox.requestsTo('idp').map(({ path }) => path);
  expect(filters.length).toBeGreaterThan(8);
  expect(new Set(filters).size).toBe(filters.length);
  expect(session.evidence.every(({ status }) => status === 200)).toBe(true);
});

test('an org whose limits are far away is not slowed down', async () => {
  const sandbox = await startSandbox({ rateLimits: { factor: 100_000 } });
  onTestFinished(() => sandbox.stop());
  const org = openTestOrg(sandbox.idp.url, { secrets: async () => sandbox.idp.token });
  const read = () => listApplications(org.session({ priority: 'sweep' }));
  const results = await Promise.allSettled(Array.from({ length: 300 }, read));
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  expect(failed.filter((reason) => reason instanceof Org2OrgError)).toEqual([]);
});
