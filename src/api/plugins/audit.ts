import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { z } from 'zod';
import type { AuditAction, AuditEntry, AuditSubject } from '../../domain/audit.js';
import { withoutLogin } from '../../domain/erasure.js';
import type { Fact } from '../../domain/evidence.js';
import { withoutSecrets } from '../../okta/scrub.js';

const reading: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Longest text of a person, in characters. */
const longestText = 1_000;

/** Fields of bodies that say what was asked for, and nothing of a person. */
const tellingFields = [
  'transition',
  'dryRun',
  'at',
  'mode',
  'choice',
  'listDigest',
  'users',
  'what',
  'paused',
] as const;

/**
 * Enters every command into the audit before it is answered, also one that is refused: who, what, about whom, why, from
 * where, and how it ended. Not what nobody known has sent. A route that changes something names its action
 * (`config.audit`), or the start stops.
 *
 * Register it before the plugin that knows the actor, in the scope of the routes.
 */
export const audit = fastifyPlugin(async (app: FastifyInstance) => {
  app.decorateRequest('audited');
  app.addHook('onRoute', ({ method, url, config }) => {
    const changes = [method].flat().some((each) => !reading.includes(each));
    if (changes && config?.audit === undefined) {
      throw new Error(`The route ${method} ${url} names no action of src/domain/audit.ts (config.audit).`);
    }
  });
  app.addHook('onRequest', async (request) => {
    request.audited = { actor: null, login: null, details: {} };
  });
  app.addHook('onSend', async (request, reply) => {
    const action = actionOf(request);
    const actor = request.actor?.name ?? request.audited.actor;
    if (action === null || actor === null || reading.includes(request.method)) return;
    await app.auditTrail.enter(entryOf(request, reply, action, actor));
  });
});

function actionOf(request: FastifyRequest): AuditAction | null {
  const { audit: action } = request.routeOptions.config;
  return typeof action === 'function' ? action(request) : (action ?? null);
}

function entryOf(request: FastifyRequest, reply: FastifyReply, action: AuditAction, actor: string): AuditEntry {
  const { statusCode } = reply;
  const { id, login: _, ...params } = textsOf(request.params);
  const { method, routeOptions } = request;
  return {
    entryId: randomUUID(),
    at: new Date().toISOString(),
    action,
    federationId: asId(id),
    outcome: statusCode < 400 ? 'accepted' : statusCode < 500 ? 'refused' : 'failed',
    code: request.problemCode,
    details: {
      operation: `${method} ${routeOptions.url ?? ''}`,
      status: statusCode,
      requestId: request.id,
      ...Object.fromEntries(Object.entries(params).flatMap(([name, value]) => fact(name, asId(value)))),
      ...(statusCode === 400 ? {} : told(request.body)),
      ...request.audited.details,
    },
    actor: {
      name: actor,
      sourceAddress: request.ip,
      userAgent: freeText(request.headers['user-agent']),
    },
    subject: subjectOf(request),
  };
}

/** Whom the command names, in the address or in the body, and why it was given. */
function subjectOf(request: FastifyRequest): AuditSubject | null {
  const body = textsOf(request.body);
  const key = request.headers['idempotency-key']?.toString();
  const login = request.audited.login ?? textsOf(request.params).login ?? body.login;
  const why = body.reason ?? body.why;
  const nobody = request.routeOptions.config.auditsNobody === true;
  const subject = {
    login: nobody ? null : plainText(login),
    reason: freeText(nobody && why !== undefined ? withoutLogin(why, login ?? '') : why),
    ticket: freeText(body.ticket),
    idempotencyKey: key === undefined ? null : `sha256:${createHash('sha256').update(key).digest('hex')}`,
  };
  return Object.values(subject).every((value) => value === null) ? null : subject;
}

function fact(name: string, value: Fact): [string, Fact][] {
  return value === null ? [] : [[name, value]];
}

const Telling = z.union([z.boolean(), z.string().regex(/^[\w:.+-]{1,100}$/)]);

function told(body: unknown): Record<string, Fact> {
  if (typeof body !== 'object' || body === null) return {};
  const found = tellingFields.flatMap((name) => {
    const value = Telling.safeParse(Reflect.get(body, name));
    return value.success ? fact(name, value.data) : [];
  });
  return Object.fromEntries(found);
}

/** The members of an object that are texts; none of anything else. */
function textsOf(value: unknown): Partial<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, member]) => typeof member === 'string'));
}

/** An id, or null: what is none may be anything, a name too. */
function asId(value: string | undefined): string | null {
  return value !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/.test(value) ? value : null;
}

/** A text without control characters and broken ones, which no database takes, and not too long. */
function plainText(text: string | undefined): string | null {
  if (text === undefined) return null;
  return text.slice(0, longestText).replace(/[\p{Cc}\p{Cs}]/gu, '\uFFFD');
}

function freeText(text: string | undefined): string | null {
  return text === undefined ? null : plainText(withoutSecrets(text));
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a command of this route is in the audit. */
    audit?: AuditAction | ((request: FastifyRequest) => AuditAction);
    /** The command takes personal data away: its row does not keep the login. */
    auditsNobody?: boolean;
  }
  interface FastifyRequest {
    /** What a route tells the audit besides what the request says. */
    audited: {
      /** Who sent it, where that is no API token. */
      actor: string | null;
      /** Whom it is about, where the request does not name the login. */
      login: string | null;
      details: Record<string, Fact>;
    };
  }
}
