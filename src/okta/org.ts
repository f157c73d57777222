import type { z } from 'zod';
import type { OrgConfig } from '../config/org-registry.js';
import type { Secrets } from '../config/secrets.js';
import { Org2OrgError } from '../domain/errors.js';
import type { Evidence, Facts } from '../domain/evidence.js';
import { createClient } from './client.js';
import { Connection } from './connection.js';
import { OktaError, unreadable } from './errors.js';
import { openNetwork } from './network.js';
import { callContext, type ObservedAnswer, OktaRequestExecutor } from './request-executor.js';
import type { OktaCall, OktaPage, OktaSession } from './session.js';

/** One org that this worker can talk to. Signs in at the first call and keeps its access token for all sessions. */
export interface OktaOrg {
  readonly name: string;
  readonly url: string;
  /** The requests of one activity. `signal` ends them when the activity is cancelled. */
  session(options?: { signal?: AbortSignal }): OktaSession;
  /** Closes the connections that are kept open. */
  close(): void;
}

/**
 * Opens an org of the registry. Nothing is read or sent before the first call.
 *
 * @throws Org2OrgError `O2O_CONFIG_INVALID` if the registry has no credentials for it.
 */
export function openOrg(
  config: OrgConfig,
  secrets: Secrets,
  options: { onAnswer?: (answer: ObservedAnswer) => void } = {},
): OktaOrg {
  const { auth } = config;
  if (auth === null) {
    throw new Org2OrgError('O2O_CONFIG_INVALID', {
      file: 'of this worker',
      detail: `/orgs/${config.name}/auth is missing; a worker needs it for every org that it serves`,
    });
  }
  const network = openNetwork(config.requestTimeoutMs);
  const executor = new OktaRequestExecutor({
    org: config.name,
    requestTimeoutMs: config.requestTimeoutMs,
    network,
    scopes: 'privateKey' in auth ? auth.privateKey.scopes : [],
    onAnswer: options.onAnswer,
  });
  const connection = new Connection(config, executor, () => createClient(config, auth, secrets, executor));
  return {
    name: config.name,
    url: config.url,
    session: ({ signal } = {}) => new Session(connection, signal),
    close: () => void network.close(),
  };
}

/** More pages than any list has. */
const endless = 10_000;

class Session implements OktaSession {
  readonly org: string;
  readonly url: string;
  readonly evidence: Evidence[] = [];
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;

  constructor(connection: Connection, signal: AbortSignal | undefined) {
    this.org = connection.name;
    this.url = connection.url;
    this.#connection = connection;
    this.#signal = signal;
  }

  async call<Answer extends z.ZodType>(call: OktaCall<Answer>): Promise<z.output<Answer>> {
    return (await this.#page(call, address(this.url, call))).value;
  }

  async find<Answer extends z.ZodType>(call: OktaCall<Answer>): Promise<z.output<Answer> | null> {
    try {
      return await this.call(call);
    } catch (error) {
      if (error instanceof OktaError && error.status === 404 && error.errorCode === 'E0000007') return null;
      throw error;
    }
  }

  async list<Item>(call: OktaCall<z.ZodType<Item[]>>): Promise<Item[]> {
    const items: Item[] = [];
    const seen = new Set<string>();
    for (let next: string | null = address(this.url, call); next !== null; ) {
      seen.add(next);
      const page: Page<Item[]> = await this.#page(call, next);
      for (const item of page.value) items.push(item);
      next = page.next;
      if (next !== null && (seen.has(next) || seen.size >= endless)) throw page.invalid('its pages never end');
    }
    return items;
  }

  async page<Item>(call: OktaCall<z.ZodType<Item[]>>): Promise<OktaPage<Item>> {
    const page: Page<Item[]> = await this.#page(call, address(this.url, call));
    if (page.next === null) return { items: page.value, after: null };
    const after = new URL(page.next).searchParams.get('after');
    if (after === null) throw page.invalid('its next page has no cursor');
    return { items: page.value, after };
  }

  async #page<Answer extends z.ZodType>(call: OktaCall<Answer>, url: string): Promise<Page<z.output<Answer>>> {
    const response = await this.#send(call, url);
    const text = await response.text();
    const invalid = (detail: string) => {
      this.#keep(call.operation, response.status, response.headers.get('x-okta-request-id'), {});
      const answer = { status: response.status, headers: response.headers, text };
      return unreadable({ org: this.org, operation: call.operation }, answer, detail);
    };
    const raw = call.accept === undefined ? json(text) : { value: text };
    if (raw === null) throw invalid('it is not JSON');
    const parsed = call.answer.safeParse(raw.value);
    if (!parsed.success) throw invalid(mismatch(parsed.error));
    const facts = call.facts?.(parsed.data) ?? {};
    this.#keep(call.operation, response.status, response.headers.get('x-okta-request-id'), facts);
    return { value: parsed.data, next: nextPage(response.headers.get('link'), this.url), invalid };
  }

  async #send(call: OktaCall<z.ZodType>, url: string): Promise<Response> {
    const request = {
      url,
      method: call.method,
      headers: {
        Accept: call.accept ?? 'application/json',
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    };
    const context = { operation: call.operation, signal: this.#signal, nonceChallenges: 0 };
    try {
      return await callContext.run(context, () => this.#connection.send(request, call.anonymous ?? false));
    } catch (error) {
      if (error instanceof OktaError) {
        this.#keep(error.operation, error.status, error.requestId, { errorCode: error.errorCode });
      }
      throw error;
    }
  }

  #keep(operation: string, status: number, requestId: string | null, facts: Facts): void {
    this.evidence.push({ org: this.org, operation, status, at: new Date().toISOString(), requestId, facts });
  }
}

interface Page<Value> {
  readonly value: Value;
  readonly next: string | null;
  invalid(detail: string): OktaError;
}

function address(base: string, { path, query = {} }: OktaCall<z.ZodType>): string {
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

function json(text: string): { value: unknown } | null {
  try {
    return { value: text === '' ? undefined : JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Where an answer leaves its schema; never what it holds there. */
function mismatch(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'unexpected shape' : `/${issue.path.join('/')} ${issue.message}`;
}

/** The next page's address, always on the org's own URL whatever host the link names. */
function nextPage(link: string | null, base: string): string | null {
  const target = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  const { pathname, search } = new URL(target, base);
  return base + pathname + search;
}
