import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { freePorts } from '../../../scripts/temporal/free-ports.js';
import { alarmKinds, alarmSeverities } from '../../../src/domain/alarm.js';
import { newNamespace } from '../../setup/temporal.js';
import { lookAgain } from '../../world/alarms.js';
import { startWorldWithoutWorkers } from '../../world/start-world.js';
import { setUpForUsers } from '../../world/user-world.js';
import { problemsOf } from '../../world/users.js';
import { writeWorkerFiles } from '../../world/worker-process.js';
import { withoutPeople } from '../../world/world.js';

const root = new URL('../../../', import.meta.url);

let directory: string;
let worker: ChildProcessByStdio<null, Readable, Readable> | null = null;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'org2org-'));
});

afterEach(async () => {
  worker?.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

async function start(config: string, env: Record<string, string> = {}) {
  const file = join(directory, 'org2org.yaml');
  await writeFile(file, config);
  worker = spawn(process.execPath, ['--import', 'tsx', 'src/worker/main.ts'], {
    cwd: root,
    env: { ...process.env, ORG2ORG_CONFIG: file, TEMPORAL_ADDRESS: inject('temporal').address, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const child = worker;
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  return { child, ended, output: text(child.stdout), errors: text(child.stderr) };
}

const config = `
orgs:
  acme:
    url: https://acme.okta.com
    auth: { apiToken: env:ACME_TOKEN }
`;

describe('npm run worker', () => {
  it('answers /healthz once it takes tasks, and ends in order on SIGTERM', async () => {
    const [healthPort, metricsPort] = await freePorts(2);
    const { child, ended, output, errors } = await start(config, {
      TEMPORAL_NAMESPACE: await newNamespace(),
      HEALTH_ADDRESS: `127.0.0.1:${healthPort}`,
      METRICS_ADDRESS: `127.0.0.1:${metricsPort}`,
      ACME_TOKEN: 'planted-token',
    });
    const health = await Promise.race([
      vi.waitFor(() => fetch(`http://127.0.0.1:${healthPort}/healthz`), { timeout: 60_000 }),
      errors.then((text) => Promise.reject(new Error(text))),
    ]);
    expect(health.status).toBe(200);
    const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
    expect(await metrics.text()).toContain('temporal_worker_start');

    child.kill('SIGTERM');

    expect(await ended).toBe(0);
    const lines = (await output)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'Worker is running', orgs: ['acme'] }));
    expect(await output).not.toContain('planted-token');
  });

  it('counts the alarms that stand in its metrics, by kind and severity, and names no user there', async () => {
    const world = await startWorldWithoutWorkers();
    const files = await writeWorkerFiles(world);
    onTestFinished(async () => {
      worker?.kill('SIGKILL');
      await world.stop();
      await files.remove();
    });
    const [port] = await freePorts(1);
    await start(await readFile(files.configFile, 'utf8'), {
      TEMPORAL_NAMESPACE: world.client.options.namespace,
      METRICS_ADDRESS: `127.0.0.1:${port}`,
    });
    const read = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const { users, people } = await setUpForUsers(world);
    await people.inIdp('zebedee@acme.example');
    expect(problemsOf(await users.carryOut('onboard', 'zebedee@acme.example'))).toEqual([]);
    const measured = await read();
    expect(measured).toContain('assignUser');
    expect(measured.toLowerCase()).not.toContain('zebedee');
    await world.setUp(withoutPeople({ assignments: { groups: ['Nobody knows it'] } }));

    const counted = async () => {
      await lookAgain(world);
      const lines = (await read()).split('\n');
      return lines.flatMap((line) => {
        const [, kind, severity, count] =
          /^org2org_alarms\{.*kind="(\w+)".*severity="(\w+)".*\} (\d+)$/.exec(line) ?? [];
        return kind === undefined ? [] : [`${kind} ${severity} ${count}`];
      });
    };
    await expect.poll(counted, { timeout: 60_000 }).toContain('operationStopped warning 1');
    const each = alarmKinds.flatMap((kind) => alarmSeverities.map((severity) => `${kind} ${severity}`));
    const expected = each.map((alarm) => `${alarm} ${alarm === 'operationStopped warning' ? 1 : 0}`);
    expect((await counted()).sort()).toEqual(expected.sort());
  });

  it('does not start with a wrong configuration and names the field', async () => {
    const { ended, errors } = await start('orgs:\n  acme:\n    url: http://acme.okta.com\n');
    expect(await ended).toBe(1);
    expect(await errors).toMatch(/O2O_CONFIG_INVALID: .*\/orgs\/acme\/url/);
  });

  it('does not start without Temporal and ends, so that whoever runs it can start it anew', async () => {
    const [deadPort] = await freePorts(1);
    const { ended, errors } = await start(config, { TEMPORAL_ADDRESS: `127.0.0.1:${deadPort}` });
    expect(await ended).toBe(1);
    expect(await errors).toContain('TransportError');
  });
});
