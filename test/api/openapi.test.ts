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
    'GET /healthz',
    'GET /readyz',
    'GET /v1/federations',
    'GET /v1/federations/{id}',
    'GET /v1/federations/{id}/users/{login}/diagnosis',
    'POST /v1/federations/{id}/gates/{gate}',
    'POST /v1/federations/{id}/plan',
    'PUT /v1/federations/{id}',
  ]);
});

it('says of every route behind a token that it needs one and which problems it answers', async () => {
  const { paths } = await document();
  for (const [path, methods] of Object.entries<Record<string, Record<string, object>>>(paths)) {
    if (!path.startsWith('/v1/')) continue;
    for (const operation of Object.values(methods)) {
      expect(operation.security).toEqual([{ apiToken: [] }]);
      expect(Object.keys(operation.responses ?? {})).toEqual(expect.arrayContaining(['400', '401', '403', '503']));
      expect(JSON.stringify(operation.responses)).toContain('application/problem+json');
    }
  }
});

it('holds only schemas that a route uses', async () => {
  const { components, paths } = await document();
  const text = JSON.stringify([paths, components.schemas]);
  for (const name of Object.keys(components.schemas)) expect(text).toContain(`"#/components/schemas/${name}"`);
});
