import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { startDemo } from './demo-process.js';

const timeout = 900_000;

/** Processes that were started with this directory for temporary files. */
async function processesOf(directory: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    ids.map(async (id) => ({ id, text: await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '') })),
  );
  return environments.filter(({ text }) => text.includes(`TMPDIR=${directory}`)).map(({ id }) => id);
}

/** What the demo left of its own; the TypeScript loader keeps a cache there, too. */
async function leftIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith('org2org'));
}

const Report = z.object({
  ok: z.boolean(),
  failures: z.array(z.string()),
  steps: z.array(z.looseObject({ name: z.string(), state: z.string() })),
  gates: z.array(z.looseObject({ name: z.string(), choice: z.string(), by: z.string() })),
  objectIds: z.record(z.string(), z.string()),
  oktaCalls: z.record(z.string(), z.object({ reads: z.int().min(1), writes: z.int().min(1) })),
  oktaCallsOfSecondApply: z.record(z.string(), z.object({ writes: z.literal(0) })),
  users: z.object({
    transitions: z.array(z.looseObject({ kind: z.string(), state: z.string() })),
    proof: z.object({
      statements: z.array(z.object({ result: z.literal('passed') })).min(3),
      digestHolds: z.literal(true),
    }),
    diagnosis: z.looseObject({ check: z.string() }),
    batch: z.looseObject({ rows: z.array(z.object({ state: z.string() })) }),
  }),
  sweeps: z.object({
    sweeps: z.array(z.looseObject({ mode: z.string(), state: z.literal('done'), listed: z.array(z.unknown()) })),
    blown: z.array(z.string()).min(1),
    approvedBy: z.string(),
    proofs: z.array(z.looseObject({ login: z.string(), holds: z.literal(true) })),
  }),
});

it('federates two orgs from nothing to a sign-on, moves users, sweeps, reports it and leaves nothing behind', {
  timeout,
}, async () => {
  const reports = await mkdtemp(join(tmpdir(), 'org2org-report-'));
  onTestFinished(() => rm(reports, { recursive: true, force: true }));
  const file = join(reports, 'report.json');
  const { demo, directory, output } = await startDemo('--exit', '--report', file);
  const [code] = await once(demo, 'exit');
  expect(code, output.join('\n')).toBe(0);

  const text = await readFile(file, 'utf8');
  const report = Report.parse(JSON.parse(text));
  expect(report.failures).toEqual([]);
  expect(report.gates).toMatchObject([{ name: 'targetAppConsole', choice: 'done', by: 'operator@demo' }]);
  expect(new Set(report.steps.map((step) => step.state))).toEqual(new Set(['done']));
  expect(report.users.transitions.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'onboard done',
    'offboard cancelled',
    'offboard done',
  ]);
  expect(report.users.diagnosis.check).toBe('assigned');
  expect(report.users.batch.rows.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'refused']);
  expect(report.sweeps.sweeps.map(({ mode, listed }) => `${mode} ${listed.length}`)).toEqual([
    'report 1',
    'enforce 1',
    'enforce 3',
  ]);
  expect(report.sweeps.approvedBy).toBe('approver@demo');
  expect(report.sweeps.proofs).toHaveLength(4);
  for (const secret of [/PRIVATE KEY/, /\bo2o_/, /SSWS/, /eyJ[\w-]+\./]) {
    expect(text).not.toMatch(secret);
    expect(output.join('\n')).not.toMatch(secret);
  }
  expect(await leftIn(directory)).toEqual([]);
});

it.skipIf(!existsSync('/proc'))('ends all that it started when it is ended while it starts', { timeout }, async () => {
  const { demo, directory, output } = await startDemo();
  await expect.poll(() => output.join('\n'), { timeout: 120_000 }).toContain('Worker and API start');
  await expect.poll(async () => (await processesOf(directory)).length, { timeout: 30_000 }).toBeGreaterThan(2);
  demo.kill('SIGTERM');
  await once(demo, 'exit');
  await expect.poll(() => processesOf(directory), { timeout: 30_000 }).toEqual([]);
  expect(await leftIn(directory)).toEqual([]);
});
