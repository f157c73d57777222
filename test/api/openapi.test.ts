import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { startApi } from './api.js';

async function document() {
  const answer = await (await startApi()).inject({ url: '/openapi.json' });
  return answer.json();
}

it('is a valid OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  const result = await validator.validate(await document());
  expect(result.errors ?? []).toEqual([]);
  expect(validator.version).toBe('3.1');
});

it('describes every address of the API', async () => {
  const { paths } = await document();
  const operations = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations.sort()).toEqual([
    'DELETE /v1/federations/{id}',
    'DELETE /v1/federations/{id}/drift-schedule',
    'DELETE /v1/federations/{id}/sweep-schedule',
    'DELETE /v1/federations/{id}/users/{login}/transitions/{number}',
    'DELETE /v1/federations/{id}/verification-schedule',
    'GET /healthz',
    'GET /readyz',
    'GET /v1/alarms',
    'GET /v1/audit',
    'GET /v1/audit/check',
    'GET /v1/federations',
    'GET /v1/federations/{id}',
    'GET /v1/federations/{id}/batches',
    'GET /v1/federations/{id}/batches/{batch}',
    'GET /v1/federations/{id}/batches/{batch}/events',
    'GET /v1/federations/{id}/batches/{batch}/rows',
    'GET /v1/federations/{id}/drift',
    'GET /v1/federations/{id}/drift-schedule',
    'GET /v1/federations/{id}/rollouts',
    'GET /v1/federations/{id}/rollouts/{group}',
    'GET /v1/federations/{id}/rotations',
    'GET /v1/federations/{id}/spec',
    'GET /v1/federations/{id}/sweep-schedule',
    'GET /v1/federations/{id}/sweeps',
    'GET /v1/federations/{id}/sweeps/{sweep}',
    'GET /v1/federations/{id}/sweeps/{sweep}/events',
    'GET /v1/federations/{id}/sweeps/{sweep}/findings',
    'GET /v1/federations/{id}/users',
    'GET /v1/federations/{id}/users/{login}',
    'GET /v1/federations/{id}/users/{login}/diagnosis',
    'GET /v1/federations/{id}/users/{login}/proof',
    'GET /v1/federations/{id}/users/{login}/transitions/{number}',
    'GET /v1/federations/{id}/verification',
    'GET /v1/federations/{id}/verification-schedule',
    'GET /v1/hooks/okta/{org}',
    'PATCH /v1/federations/{id}/users/{login}/transitions/{number}',
    'POST /v1/adoptions',
    'POST /v1/federations/{id}/batches',
    'POST /v1/federations/{id}/batches/{batch}/cancel',
    'POST /v1/federations/{id}/batches/{batch}/pause',
    'POST /v1/federations/{id}/batches/{batch}/resume',
    'POST /v1/federations/{id}/drift',
    'POST /v1/federations/{id}/erasures',
    'POST /v1/federations/{id}/gates/{gate}',
    'POST /v1/federations/{id}/live',
    'POST /v1/federations/{id}/pause',
    'POST /v1/federations/{id}/plan',
    'POST /v1/federations/{id}/resume',
    'POST /v1/federations/{id}/rollouts',
    'POST /v1/federations/{id}/rollouts/{group}/cancel',
    'POST /v1/federations/{id}/rollouts/{group}/gates/{gate}',
    'POST /v1/federations/{id}/rotations',
    'POST /v1/federations/{id}/rotations/go-on',
    'POST /v1/federations/{id}/rotations/revoke',
    'POST /v1/federations/{id}/sweep-schedule/backfill',
    'POST /v1/federations/{id}/sweep-schedule/pause',
    'POST /v1/federations/{id}/sweep-schedule/resume',
    'POST /v1/federations/{id}/sweep-schedule/run',
    'POST /v1/federations/{id}/sweeps',
    'POST /v1/federations/{id}/sweeps/{sweep}/approve',
    'POST /v1/federations/{id}/sweeps/{sweep}/cancel',
    'POST /v1/federations/{id}/sweeps/{sweep}/pause',
    'POST /v1/federations/{id}/sweeps/{sweep}/reject',
    'POST /v1/federations/{id}/sweeps/{sweep}/resume',
    'POST /v1/federations/{id}/users',
    'POST /v1/federations/{id}/users/{login}/gates/{gate}',
    'POST /v1/federations/{id}/users/{login}/transitions',
    'POST /v1/federations/{id}/verification',
    'POST /v1/hooks/okta/{org}',
    'POST /v1/preflight',
    'PUT /v1/federations/{id}',
    'PUT /v1/federations/{id}/drift-schedule',
    'PUT /v1/federations/{id}/sweep-schedule',
    'PUT /v1/federations/{id}/verification-schedule',
  ]);
});

it('says of every route behind a token that it needs one and which problems it answers', async () => {
  const { paths } = await document();
  for (const [path, methods] of Object.entries<Record<string, Record<string, object>>>(paths)) {
    if (!path.startsWith('/v1/') || path.startsWith('/v1/hooks/')) continue;
    for (const operation of Object.values(methods)) {
      expect(operation.security).toEqual([{ apiToken: [] }]);
      expect(Object.keys(operation.responses ?? {})).toEqual(expect.arrayContaining(['400', '401', '403', '503']));
      expect(JSON.stringify(operation.responses)).toContain('application/problem+json');
    }
  }
});

it('says that event hooks come with a secret of their own, and their verification with none', async () => {
  const { paths } = await document();
  const { get, post } = paths['/v1/hooks/okta/{org}'];
  expect([get.security, post.security]).toEqual([[], [{ hookSecret: [] }]]);
});

it('holds only schemas that a route uses', async () => {
  const { components, paths } = await document();
  const text = JSON.stringify([paths, components.schemas]);
  for (const name of Object.keys(components.schemas)) expect(text).toContain(`"#/components/schemas/${name}"`);
});
