import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Org } from './org.js';
import type { Json } from './records.js';
import type { LogActor } from './system-log.js';

/** Who sends a request: set by the access checks. Absent where no access checks are installed. */
export interface Principal {
  readonly kind: 'token' | 'client' | 'session';
  /** Id of the API token, the client or the session. */
  readonly id: string;
  /** The owner of the token or session. */
  readonly userId?: string;
  /** Scopes of an OAuth access token. */
  readonly scopes?: readonly string[];
  /** Types of the administrator roles, for example `SUPER_ADMIN`. */
  readonly roles: readonly string[];
  /** Login of the user, or label of the client. */
  readonly displayName: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    operation?: string;
    scope?: string;
    bucket?: string;
  }
}

/** One call of an operation. */
export interface Call {
  readonly org: Org;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal | null;
  /** Who does it, as the System Log says it. */
  readonly actor: LogActor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The parsed body, undefined if none was sent. */
  readonly body: unknown;
}

/** What an operation answers. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export function ok(body: unknown, headers: Answer['headers'] = {}): Answer {
  return { status: 200, body, headers };
}

export function created(body: unknown): Answer {
  return { status: 201, body };
}

export function noContent(): Answer {
  return { status: 204 };
}

export interface OperationDefinition {
  readonly id: string;
  readonly method: HTTPMethods;
  /** Path with `:parameters`, from the org's root. */
  readonly path: string;
  readonly scope?: string;
  readonly bucket?: string;
}

/** Registers an operation of the Management API. */
export function operation(
  server: FastifyInstance,
  org: Org,
  definition: OperationDefinition,
  handler: (call: Call) => Answer | Promise<Answer>,
): void {
  const { id, method, path, scope, bucket } = definition;
  server.route({
    method,
    url: path,
    config: {
      operation: id,
      ...(scope === undefined ? {} : { scope }),
      ...(bucket === undefined ? {} : { bucket }),
    },
    handler: async (request, reply) => {
      const answer = await handler(callOf(org, request, reply));
      if (answer.headers !== undefined) reply.headers(answer.headers);
      reply.status(answer.status);
      if (answer.body === undefined) return reply.send();
      if (typeof answer.body === 'string') return reply.send(answer.body);
      return reply.type('application/json').send(answer.body);
    },
  });
}

function callOf(org: Org, request: FastifyRequest, reply: FastifyReply): Call {
  return {
    org,
    request,
    reply,
    principal: request.principal,
    actor: actorOf(org, request.principal),
    params: textRecord(request.params),
    query: textRecord(request.query),
    body: request.body ?? undefined,
  };
}

function textRecord(value: unknown): Record<string, string> {
  const record: Record<string, string> = {};
  if (typeof value !== 'object' || value === null) return record;
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'string') record[key] = entry;
    else if (Array.isArray(entry) && typeof entry[0] === 'string') record[key] = entry[0];
  }
  return record;
}

/** The actor of the System Log for a principal. Without one, the org's first user: the administrator it was made with. */
export function actorOf(org: Org, principal: Principal | null): LogActor {
  if (principal?.kind === 'client') {
    return {
      id: principal.id,
      type: 'PublicClientApp',
      alternateId: principal.id,
      displayName: principal.displayName,
    };
  }
  const user = principal?.userId === undefined ? org.users.all()[0] : org.users.get(principal.userId);
  return {
    id: user?.id ?? principal?.userId ?? 'unknown',
    type: 'User',
    alternateId: String(user?.profile.login ?? 'unknown'),
    displayName: user === undefined ? 'unknown' : fullName(user.profile),
  };
}

/** First and last name as one text. */
export function fullName(profile: Json): string {
  return `${profile.firstName ?? ''} ${profile.lastName ?? ''}`.trim();
}

/** The value if it is an object, an empty object otherwise. */
export function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is a text, undefined otherwise. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a list of texts, an empty list otherwise. */
export function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}
