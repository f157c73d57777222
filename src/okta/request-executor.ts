import { AsyncLocalStorage } from 'node:async_hooks';
import { RequestExecutor } from '@okta/okta-sdk-nodejs';
import { type Dispatcher, request as send } from 'undici';
import { z } from 'zod';
import {
  type Answer,
  errorOfAnswer,
  errorOfFailure,
  errorOfTimeLimit,
  errorOfTokenAnswer,
  unreadable,
} from './errors.js';
import type { RateGovernor, WorkProgress } from './rate-governor.js';
import { type RateLimit, rateLimitOf } from './rate-limit.js';
import type { RatePriority } from './rate-plan.js';
import { headersOf, textOf } from './received.js';

/** One answer of an org. */
export interface ObservedAnswer {
  readonly org: string;
  readonly operation: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly milliseconds: number;
  readonly rateLimit: RateLimit | null;
}

export interface ExecutorOptions {
  readonly org: string;
  readonly requestTimeoutMs: number;
  readonly network: Dispatcher;
  /** Holds requests back before a limit is reached; tokens are fetched without it. */
  readonly governor: RateGovernor;
  /** Scopes that the worker asks for, named when the token endpoint refuses them. */
  readonly scopes: readonly string[];
  readonly onAnswer: ((answer: ObservedAnswer) => void) | undefined;
}

/** What the SDK's requests belong to: it makes those for tokens by itself and hands nothing through. */
export interface CallContext {
  readonly operation: string;
  readonly signal: AbortSignal | undefined;
  readonly priority: RatePriority;
  readonly progress: WorkProgress;
  /** How often the token endpoint has asked for a DPoP nonce; the SDK would follow it without end. */
  nonceChallenges: number;
}

export const callContext = new AsyncLocalStorage<CallContext>();

/** The context of a request that belongs to no session. */
export function contextOf(operation: string): CallContext {
  return { operation, signal: undefined, priority: 'interactive', progress: 'first', nonceChallenges: 0 };
}

/** A request as the SDK takes it. */
export interface OktaRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface Described {
  readonly org: string;
  readonly operation: string;
}

const tokenPath = '/oauth2/v1/token';
const TokenAnswer = z.object({ access_token: z.string().min(1) });

/**
 * Sends the SDK's requests: each with a time limit that covers the whole answer, ended by the activity's
 * cancellation, never redirected, never repeated. What is not a success is thrown as an error of the catalogue.
 */
export class OktaRequestExecutor extends RequestExecutor {
  readonly #options: ExecutorOptions;

  constructor(options: ExecutorOptions) {
    super();
    this.#options = options;
  }

  override async fetch(request: OktaRequest): Promise<Response> {
    const context = callContext.getStore() ?? contextOf('unknown');
    const forToken = request.url.endsWith(tokenPath);
    const described = { org: this.#options.org, operation: forToken ? 'oauth2Token' : context.operation };
    const admission = forToken ? null : await this.#options.governor.admit({ ...request, ...context });
    const started = performance.now();
    const answer = await this.#exchange(described, request, context.signal).catch((error: unknown) => {
      admission?.lost();
      throw error;
    });
    admission?.answered(answer.status, answer.headers);
    this.#options.onAnswer?.({
      ...described,
      status: answer.status,
      requestId: answer.headers.get('x-okta-request-id'),
      milliseconds: performance.now() - started,
      rateLimit: rateLimitOf(answer.headers),
    });
    if (forToken) this.#checkToken(described, answer, context);
    else if (!succeeded(answer)) throw errorOfAnswer(described, answer);
    return new Response(answer.text === '' ? null : answer.text, { status: answer.status, headers: answer.headers });
  }

  /** Lets through a token and the first demands for a DPoP nonce, which the SDK answers. */
  #checkToken(described: Described, answer: Answer, context: CallContext): void {
    if (!succeeded(answer)) {
      if (answer.text.includes('use_dpop_nonce') && context.nonceChallenges++ < 2) return;
      throw errorOfTokenAnswer(described, answer, this.#options.scopes);
    }
    try {
      TokenAnswer.parse(JSON.parse(answer.text));
    } catch {
      throw unreadable(described, answer, 'no access token');
    }
  }

  async #exchange(described: Described, request: OktaRequest, signal: AbortSignal | undefined): Promise<Answer> {
    signal?.throwIfAborted();
    const limit = new AbortController();
    const end = () => limit.abort();
    const timer = setTimeout(end, this.#options.requestTimeoutMs);
    signal?.addEventListener('abort', end, { once: true });
    const { url, method, headers, body } = request;
    const options = {
      method: method as Dispatcher.HttpMethod,
      headers: { ...headers, 'accept-encoding': 'gzip' },
      signal: limit.signal,
      dispatcher: this.#options.network,
    };
    try {
      const received = await send(url, body === undefined ? options : { ...options, body });
      return { status: received.statusCode, headers: headersOf(received), text: await textOf(received) };
    } catch (failure) {
      signal?.throwIfAborted();
      if (!limit.signal.aborted) throw errorOfFailure(described, failure);
      throw errorOfTimeLimit(described, method === 'GET' ? undefined : this.#options.requestTimeoutMs);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }
}

function succeeded({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}
