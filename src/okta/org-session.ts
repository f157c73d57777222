import type { z } from 'zod';
import type { Evidence, Facts } from '../domain/evidence.js';
import { type AnswerHeaders, answerHeaders } from './answer-headers.js';
import type { Connection } from './connection.js';
import { OktaError, unreadable } from './errors.js';
import type { WorkProgress } from './rate-governor.js';
import type { RatePriority } from './rate-plan.js';
import { callContext } from './request-executor.js';
import type { OktaCall, OktaPage, OktaSession } from './session.js';

/** More pages than any list has. */
const endless = 10_000;

/** The session of one activity over the connection of its org. */
export class OrgSession implements OktaSession {
  readonly org: string;
  readonly url: string;
  readonly evidence: Evidence[] = [];
  readonly headers: AnswerHeaders[] = [];
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;
  readonly #priority: RatePriority;

  constructor(connection: Connection, signal: AbortSignal | undefined, priority: RatePriority) {
    this.org = connection.name;
    this.url = connection.url;
    this.#connection = connection;
    this.#signal = signal;
    this.#priority = priority;
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
      const page: Page<Item[]> = await this.#page(call, next, seen.size > 1 ? 'nextPage' : undefined);
      for (const item of page.value) items.push(item);
      next = this.#next(page);
      if (next !== null && (seen.has(next) || seen.size >= endless)) throw page.invalid('its pages never end');
    }
    return items;
  }

  async page<Item>(call: OktaCall<z.ZodType<Item[]>>): Promise<OktaPage<Item>> {
    const page: Page<Item[]> = await this.#page(call, address(this.url, call));
    const next = this.#next(page);
    if (next === null) return { items: page.value, after: null };
    const after = new URL(next).searchParams.get('after');
    if (after === null) throw page.invalid('its next page has no cursor');
    return { items: page.value, after };
  }

  /** The next page's address, always on the org's own URL whatever host the link names; null on the last page. */
  #next({ link, invalid }: Page<unknown>): string | null {
    const target = /<([^>]+)>\s*;[^,]*\brel="?next\b/.exec(link ?? '')?.[1];
    if (target === undefined) return null;
    if (!URL.canParse(target, this.url)) throw invalid('its next page has no address');
    const { pathname, search } = new URL(target, this.url);
    return this.url + pathname + search;
  }

  async #page<Answer extends z.ZodType>(
    call: OktaCall<Answer>,
    url: string,
    progress: WorkProgress = this.evidence.length === 0 ? 'first' : 'further',
  ): Promise<Page<z.output<Answer>>> {
    const { operation } = call;
    const response = await this.#send(call, url, progress);
    const { status, headers } = response;
    this.headers.push(answerHeaders(operation, headers, Date.now()));
    const text = await response.text();
    const raw = call.accept === undefined ? json(text) : { value: text };
    const parsed = raw === null ? null : call.answer.safeParse(raw.value);
    const facts = parsed?.success ? (call.facts?.(parsed.data) ?? {}) : {};
    this.#keep(operation, status, headers.get('x-okta-request-id'), facts);
    const invalid = (detail: string) => unreadable({ org: this.org, operation }, { status, headers, text }, detail);
    if (parsed === null) throw invalid('it is not JSON');
    if (!parsed.success) throw invalid(mismatch(parsed.error));
    return { value: parsed.data, link: headers.get('link'), invalid };
  }

  async #send(call: OktaCall<z.ZodType>, url: string, progress: WorkProgress): Promise<Response> {
    const request = {
      url,
      method: call.method,
      headers: {
        Accept: call.accept ?? 'application/json',
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    };
    const context = {
      operation: call.operation,
      signal: this.#signal,
      priority: this.#priority,
      progress,
      nonceChallenges: 0,
    };
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
  /** The answer's header `Link`. */
  readonly link: string | null;
  readonly invalid: (detail: string) => OktaError;
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
