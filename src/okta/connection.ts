import { Org2OrgError } from '../domain/errors.js';
import type { OktaClient } from './client.js';
import { callContext, type OktaRequest } from './request-executor.js';

/** The client that all sessions of one org share: made and signed in once, and anew after its credentials failed. */
export class Connection {
  readonly name: string;
  readonly url: string;
  readonly #create: () => Promise<OktaClient>;
  #client: Promise<OktaClient> | null = null;
  #signedIn: Promise<OktaClient> | null = null;

  constructor(org: { readonly name: string; readonly url: string }, create: () => Promise<OktaClient>) {
    this.name = org.name;
    this.url = org.url;
    this.#create = create;
  }

  /** Sends a request within a {@link callContext}. */
  async send(request: OktaRequest, anonymous: boolean): Promise<Response> {
    const signal = callContext.getStore()?.signal;
    try {
      if (anonymous) return await (await unlessAborted(this.#open(), signal)).executor.fetch(request);
      const { sdk } = await unlessAborted(this.#signIn(), signal);
      return await sdk.http.http(request.url, request);
    } catch (error) {
      if (error instanceof Org2OrgError && aboutCredentials.has(error.code)) this.#forget();
      throw error;
    }
  }

  close(): void {
    this.#client?.then(
      ({ executor }) => executor.agent?.destroy(),
      () => undefined,
    );
    this.#forget();
  }

  #forget(): void {
    this.#client = null;
    this.#signedIn = null;
  }

  #open(): Promise<OktaClient> {
    this.#client ??= this.#create();
    return this.#client;
  }

  /** The first access token is fetched once for all; no caller's cancellation ends it for the others. */
  #signIn(): Promise<OktaClient> {
    const context = { operation: 'oauth2Token', signal: undefined, nonceChallenges: 0 };
    this.#signedIn ??= this.#open().then(async (client) => {
      await callContext.run(context, () => client.sdk.oauth?.getAccessToken());
      return client;
    });
    this.#signedIn.catch(() => this.#forget());
    return this.#signedIn;
  }
}

/** After these the credentials are read anew: someone may have mended them meanwhile. */
const aboutCredentials: ReadonlySet<string> = new Set([
  'O2O_OKTA_CREDENTIALS_INVALID',
  'O2O_SECRET_MISSING',
  'O2O_CONFIG_INVALID',
]);

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
