import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { WorkflowRefusal } from '../../commands/temporal-errors.js';
import { catalogue, type ErrorCode, Org2OrgError, type Problem, problem } from '../../domain/errors.js';
import { type FieldIssue, SpecIssues } from '../../domain/normalize-federation-spec.js';
import { BatchRefused } from '../../domain/user-batch.js';
import type { ProblemDocument } from '../schemas/problem.js';
import { InvalidRequest } from '../validation.js';

const mediaType = 'application/problem+json';

interface Description {
  readonly problem: Problem;
  readonly issues: readonly FieldIssue[];
}

/** Answers every error, also those of unknown addresses, as `application/problem+json` from the catalogue. */
export const problemDetails = fastifyPlugin(async (app: FastifyInstance) => {
  app.decorateRequest('problemCode', null);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request, reply) => answerProblem(new Org2OrgError('O2O_ROUTE_NOT_FOUND'), request, reply));
});

/** The error handler; also for the errors that Fastify finds before it knows the route. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { problem: found, issues } = describe(error, request);
  request.problemCode = found.code;
  const { status } = catalogue[found.code];
  if (status >= 500) request.log.error({ err: error, code: found.code }, found.message);
  const document: ProblemDocument = {
    type: `urn:org2org:error:${found.code}`,
    title: title(found.code),
    status,
    detail: found.message,
    instance: request.url,
    code: found.code,
    fix: found.fix,
    retryable: found.retryable,
    org: found.org,
    requestId: request.id,
    errors: [...issues],
  };
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 503) reply.header('retry-after', '5');
  return reply.code(status).type(mediaType).serializer(JSON.stringify).send(document);
}

/** `O2O_GATE_EXPIRED` as people write it: the same for every occurrence. */
function title(code: ErrorCode): string {
  const words = code.replace('O2O_', '').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function describe(error: unknown, request: FastifyRequest): Description {
  if (error instanceof SpecIssues || error instanceof BatchRefused)
    return { problem: error.problem, issues: error.issues };
  if (error instanceof Org2OrgError || error instanceof WorkflowRefusal) return { problem: error.problem, issues: [] };
  if (error instanceof InvalidRequest) {
    const inSpec = error.validationContext === 'body' && request.routeOptions.config.bodyIsSpec === true;
    const found = problem(inSpec ? 'O2O_SPEC_INVALID' : 'O2O_REQUEST_INVALID');
    const where = error.validationContext ?? 'body';
    return { problem: { ...found, message: `${found.message} See ${where}.` }, issues: error.issues };
  }
  const code = codeOfFramework(error);
  if (code === 'O2O_INTERNAL') return { problem: problem(code), issues: [] };
  return { problem: { ...problem(code), message: `${problem(code).message} ${frameworkMessage(error)}` }, issues: [] };
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');
}

function codeOfFramework(error: unknown): ErrorCode {
  if (!isFastifyError(error)) return 'O2O_INTERNAL';
  if (error.statusCode === 413) return 'O2O_BODY_TOO_LARGE';
  if (error.statusCode === 415) return 'O2O_MEDIA_TYPE_UNSUPPORTED';
  if (error.statusCode === 404) return 'O2O_ROUTE_NOT_FOUND';
  return error.statusCode !== undefined && error.statusCode < 500 ? 'O2O_REQUEST_INVALID' : 'O2O_INTERNAL';
}

function frameworkMessage(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a specification: what is wrong with it is `O2O_SPEC_INVALID`. */
    bodyIsSpec?: boolean;
  }
  interface FastifyRequest {
    /** Code of the error with which the request is answered; null if it is answered well. */
    problemCode: ErrorCode | null;
  }
}
