import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { newUuid, randomText } from './ids.js';
import { errorBody, OktaError } from './okta-error.js';
import type { Org } from './org.js';

/** A part of an org's server: registers routes or hooks. */
export type OrgPlugin = (server: FastifyInstance, org: Org) => void | Promise<void>;

/** Bodies above this are answered 413. */
const bodyLimit = 1024 * 1024;

/**
 * The HTTP server of an org with the given parts; the error handler, the headers of every answer and Okta's reading of
 * JSON bodies stand for all of them. It does not listen yet.
 *
 * Parts whose hooks must run before the handlers of others (access, faults) come first.
 */
export async function createOrgServer(org: Org, plugins: readonly OrgPlugin[]): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    bodyLimit,
    forceCloseConnections: true,
    requestIdHeader: false,
    genReqId: () => newUuid().replaceAll('-', ''),
    routerOptions: { maxParamLength: 1000, ignoreTrailingSlash: true },
    exposeHeadRoutes: false,
  });
  server.decorateRequest('principal', null);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString();
    if (text.trim() === '') return done(null, undefined);
    try {
      done(null, JSON.parse(text));
    } catch {
      done(new OktaError('E0000003'));
    }
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-okta-request-id': request.id,
      date: new Date(org.clock.now()).toUTCString(),
      'cache-control': 'no-cache, no-store',
      pragma: 'no-cache',
      expires: '0',
    });
  });
  server.setErrorHandler<FastifyError>((error, _request, reply) => {
    const answer = asOktaError(error);
    if (answer === undefined) {
      return reply
        .status(413)
        .type('application/json')
        .send(errorBody(new OktaError('E0000020'), errorId()));
    }
    return reply
      .status(answer.status)
      .headers(answer.headers)
      .type('application/json')
      .send(errorBody(answer, errorId()));
  });
  const paths: RegExp[] = [];
  server.addHook('onRoute', (route) => {
    paths.push(new RegExp(`^${route.url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}/?$`));
  });
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/[?#].*$/, '');
    const known = paths.some((pattern) => pattern.test(path));
    const error = new OktaError(known ? 'E0000022' : 'E0000008');
    return reply.status(error.status).type('application/json').send(errorBody(error, errorId()));
  });
  for (const plugin of plugins) await plugin(server, org);
  return server;
}

function errorId(): string {
  return `oae${randomText(22)}`;
}

/** Undefined: the body was too large, which has no code in Okta's catalogue. */
function asOktaError(error: FastifyError | OktaError): OktaError | undefined {
  if (error instanceof OktaError) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return undefined;
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new OktaError('E0000021');
  if (error.statusCode !== undefined && error.statusCode < 500) return new OktaError('E0000020');
  return new OktaError('E0000009', '', [error.message]);
}
