import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { FastifyInstance } from 'fastify';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { workflowTaskQueue } from '../../../src/workflows/messages.js';
import { bearer, spec, startApi } from '../../api/api.js';
import { nativeConnection, newNamespace, temporalClient } from '../../setup/temporal.js';

/** The API on a namespace of its own. The worker runs workflows only: no org is served, so every setup stays open. */
async function start({ worker = true } = {}): Promise<{ app: FastifyInstance; client: Client }> {
  const namespace = await newNamespace();
  if (worker) {
    const running = await Worker.create({
      connection: await nativeConnection(),
      namespace,
      taskQueue: workflowTaskQueue,
      workflowBundle: inject('workflowBundle'),
    });
    const ended = running.run();
    onTestFinished(async () => {
      running.shutdown();
      await ended;
    });
  }
  const client = await temporalClient(namespace);
  return { app: await startApi(client), client };
}

function put(app: FastifyInstance, id: string, payload: object, key?: string) {
  const headers = { ...bearer('operator'), ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return app.inject({ method: 'PUT', url: `/v1/federations/${id}`, headers, payload });
}

function get(app: FastifyInstance, path: string) {
  return app.inject({ url: `/v1/federations${path}`, headers: bearer('viewer') });
}

const other = { ...spec, targetApp: { label: 'Another app' } };

describe('PUT /v1/federations/{id}', () => {
  it('starts a setup and says where to follow it', async () => {
    const { app } = await start();
    const answer = await put(app, 'acme', spec);
    expect(answer.statusCode).toBe(202);
    expect(answer.headers.location).toBe('/v1/federations/acme');
    expect(answer.json()).toMatchObject({
      started: true,
      operation: { number: 1, kind: 'setup', startedBy: 'operator@tests', endedAt: null },
    });
  });

  it('takes YAML and normalises a trailing slash with a notice', async () => {
    const { app } = await start();
    const headers = { ...bearer('operator'), 'content-type': 'application/yaml' };
    const payload = 'idp: partner\nsp: company\norg2orgApp:\n  baseUrl: https://sso.company.com/\n';
    const answer = await app.inject({ method: 'PUT', url: '/v1/federations/acme', headers, payload });
    expect(answer.statusCode).toBe(202);
    const { notices, spec: kept } = (await get(app, '/acme')).json();
    expect(kept.org2orgApp.baseUrl).toBe('https://sso.company.com');
    expect(notices.join()).toContain('/org2orgApp/baseUrl');
  });

  it('joins the running setup when the same specification comes again', async () => {
    const { app } = await start();
    const first = await put(app, 'acme', spec);
    const second = await put(app, 'acme', spec);
    expect(second.statusCode).toBe(202);
    expect(second.json()).toEqual({ operation: first.json().operation, started: false });
  });

  it('refuses another specification while a setup runs', async () => {
    const { app } = await start();
    await put(app, 'acme', spec);
    const answer = await put(app, 'acme', other);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'O2O_OPERATION_RUNNING' });
  });

  it('carries the same command with the same Idempotency-Key out once', async () => {
    const { app } = await start();
    const answers = await Promise.all([put(app, 'acme', spec, 'k1'), put(app, 'acme', spec, 'k1')]);
    const again = await put(app, 'acme', spec, 'k1');
    const numbers = [...answers, again].map((answer) => answer.json().operation.number);
    expect(numbers).toEqual([1, 1, 1]);
    expect((await get(app, '/acme')).json().operations).toHaveLength(1);
  });

  it('refuses an Idempotency-Key that another command had', async () => {
    const { app } = await start();
    await put(app, 'acme', spec, 'k1');
    const answer = await put(app, 'acme', other, 'k1');
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'O2O_IDEMPOTENCY_KEY_REUSED' });
  });

  it('starts nothing for a specification that is refused', async () => {
    const { app, client } = await start();
    await put(app, 'acme', { ...spec, sp: 'stranger' });
    await put(app, 'acme', { ...spec, nonsense: true });
    expect((await client.workflow.count()).count).toBe(0);
    expect((await get(app, '/acme')).json()).toMatchObject({ status: 404, code: 'O2O_FEDERATION_NOT_FOUND' });
  });

  it('answers 503 while no worker runs, and the same request with the same key works once one does', async () => {
    const { app, client } = await start({ worker: false });
    const refused = await put(app, 'acme', spec, 'k1');
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({ code: 'O2O_TEMPORAL_UNAVAILABLE', retryable: true });
    const worker = await Worker.create({
      connection: await nativeConnection(),
      namespace: client.options.namespace,
      taskQueue: workflowTaskQueue,
      workflowBundle: inject('workflowBundle'),
    });
    await worker.runUntil(async () => {
      await expect.poll(async () => (await put(app, 'acme', spec, 'k1')).statusCode, { timeout: 20_000 }).toBe(202);
      expect((await get(app, '/acme')).json().operations).toHaveLength(1);
    });
  });
});

describe('GET /v1/federations/{id}', () => {
  it('shows the steps as they stand now and where the Temporal UI shows them', async () => {
    const { app, client } = await start();
    await put(app, 'acme', spec);
    const answer = await get(app, '/acme');
    expect(answer.statusCode).toBe(200);
    const { namespace } = client.options;
    expect(answer.json()).toMatchObject({
      id: 'acme',
      operation: { kind: 'setup', workflowId: 'federation/acme/setup/1' },
      links: {
        self: '/v1/federations/acme',
        temporal: `http://127.0.0.1:8233/namespaces/${namespace}/workflows/federation%2Facme%2Fsetup%2F1`,
      },
    });
    expect(answer.json().steps[0]).toMatchObject({ name: 'orgs', guide: 'Prerequisites' });
    expect(answer.json().gates).toEqual([]);
  });

  it('is 404 for a federation that nobody made', async () => {
    const { app } = await start();
    const answer = await get(app, '/nobody');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'O2O_FEDERATION_NOT_FOUND' });
  });
});

describe('POST /v1/federations/{id}/plan', () => {
  it('plans without a specification what the federation was asked to be', async () => {
    const { app } = await start();
    const headers = bearer('operator');
    await app.inject({ method: 'POST', url: '/v1/federations/acme/plan', headers, payload: spec });
    const answer = await app.inject({ method: 'POST', url: '/v1/federations/acme/plan', headers });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ started: false, operation: { kind: 'plan', number: 1 } });
  });

  it('needs a specification for a federation that nobody made', async () => {
    const { app } = await start();
    const headers = bearer('operator');
    const answer = await app.inject({ method: 'POST', url: '/v1/federations/acme/plan', headers });
    expect(answer.json()).toMatchObject({ code: 'O2O_FEDERATION_NOT_FOUND' });
  });
});

describe('POST /v1/federations/{id}/gates/{gate}', () => {
  const payload = { choice: 'done', why: 'it is there' };
  const url = '/v1/federations/acme/gates/targetAppConsole';

  it('is 404 where no such gate is open', async () => {
    const { app } = await start();
    await put(app, 'acme', spec);
    const answer = await app.inject({ method: 'POST', url, headers: bearer('operator'), payload });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'O2O_GATE_NOT_FOUND' });
  });

  it('is 404 for a federation that nobody made', async () => {
    const { app } = await start();
    const answer = await app.inject({ method: 'POST', url, headers: bearer('operator'), payload });
    expect(answer.json()).toMatchObject({ code: 'O2O_FEDERATION_NOT_FOUND' });
  });
});

describe('GET /v1/federations', () => {
  it('lists all federations, page by page, each once', async () => {
    const { app } = await start();
    for (const id of ['one', 'two', 'three']) await put(app, id, spec);
    const ids = (answer: { json(): { federations: { id: string }[] } }) =>
      answer.json().federations.map((federation) => federation.id);
    await expect.poll(async () => ids(await get(app, ''))).toHaveLength(3);
    const first = await get(app, '?limit=2');
    const second = await get(app, `?limit=2&pageToken=${first.json().nextPageToken}`);
    expect([...ids(first), ...ids(second)].sort()).toEqual(['one', 'three', 'two']);
    expect(first.json().federations[0].links.self).toMatch(/^\/v1\/federations\/(one|two|three)$/);
  });

  it('refuses a page token that is none of its own', async () => {
    const { app } = await start();
    const answer = await get(app, '?pageToken=bm9uc2Vuc2U');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'O2O_REQUEST_INVALID' });
  });
});
