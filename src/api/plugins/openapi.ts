import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

type TransformObject = typeof jsonSchemaTransformObject;

/** Describes the API from the schemas of its routes: OpenAPI 3.1 at /openapi.json, a page to read and try at /docs. */
export const openapi = fastifyPlugin(async (app: FastifyInstance) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'org2org',
        version: '1.0.0',
        description: 'Federates two Okta orgs with Org2Org: SAML sign-on and provisioning, as durable workflows.',
      },
      components: {
        securitySchemes: {
          apiToken: { type: 'http', scheme: 'bearer' },
          hookSecret: { type: 'apiKey', in: 'header', name: 'Authorization' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: withoutUnusedSchemas,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null },
    staticCSP: true,
    transformStaticCSP: (header) => header.replace(/upgrade-insecure-requests;?/, ''),
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
});

/** Each schema comes in the form of requests and of answers: keeps those that a route refers to. */
const withoutUnusedSchemas: TransformObject = (document) => {
  const full = jsonSchemaTransformObject(document);
  const schemas = 'components' in full ? (full.components?.schemas ?? {}) : {};
  const used = new Set<string>();
  const follow = (part: unknown) => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      follow(Reflect.get(schemas, name));
    }
  };
  follow(full.paths ?? {});
  for (const name of Object.keys(schemas)) if (!used.has(name)) Reflect.deleteProperty(schemas, name);
  return full;
};
