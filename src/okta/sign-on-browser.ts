import fetchCookie from 'fetch-cookie';
import { CookieJar } from 'tough-cookie';
import { type Dispatcher, fetch } from 'undici';
import { type Answer, errorOfAnswer, errorOfFailure, errorOfTimeLimit } from './errors.js';
import { openNetwork } from './network.js';

/** One request of a sign-on. Neither query nor body is kept: both may carry what signs in. */
export interface Hop {
  /** Host with port. */
  readonly host: string;
  readonly path: string;
  readonly status: number;
  readonly kind: 'authentication' | 'redirect' | 'form' | 'page' | 'refusal';
}

export interface Visit {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Visited extends Answer {
  readonly url: URL;
}

/** Keeps cookies per origin, as different orgs on one host must not see each other's, and sends requests. */
export class SignOnBrowser {
  readonly #fetchers = new Map<string, typeof fetch>();
  readonly #network: Dispatcher;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;

  constructor(options: { timeoutMs: number; signal: AbortSignal | undefined }) {
    this.#network = openNetwork(options.timeoutMs);
    this.#timeoutMs = options.timeoutMs;
    this.#signal = options.signal;
  }

  /**
   * Sends one request and follows nothing.
   *
   * @throws Org2OrgError that can be retried, for no answer, 429 and 5xx; the reason of `signal` once it is aborted.
   */
  async visit(visit: Visit): Promise<Visited> {
    const url = new URL(visit.url);
    const described = { org: url.host, operation: 'signOn' };
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const signal = this.#signal === undefined ? limit : AbortSignal.any([this.#signal, limit]);
    const { method, headers = {}, body } = visit;
    let answer: Answer;
    try {
      const response = await this.#fetcher(url.origin)(url.href, {
        method,
        headers,
        redirect: 'manual',
        signal,
        dispatcher: this.#network,
        ...(body === undefined ? {} : { body }),
      });
      answer = { status: response.status, headers: new Headers([...response.headers]), text: await response.text() };
    } catch (failure) {
      this.#signal?.throwIfAborted();
      if (limit.aborted) throw errorOfTimeLimit(described);
      throw errorOfFailure(described, failure);
    }
    if (answer.status === 429 || answer.status >= 500) throw errorOfAnswer(described, answer);
    return { ...answer, url };
  }

  close(): void {
    void this.#network.close();
  }

  #fetcher(origin: string): typeof fetch {
    const known = this.#fetchers.get(origin);
    if (known !== undefined) return known;
    const made: typeof fetch = fetchCookie(fetch, new CookieJar());
    this.#fetchers.set(origin, made);
    return made;
  }
}
