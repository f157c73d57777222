import type { Client } from '@okta/okta-sdk-nodejs';
import { type ErrorCode, Org2OrgError } from '../domain/errors.js';
import { callContext, contextOf, type OktaRequest, type OktaRequestExecutor } from './request-executor.js';

/** Problems that other credentials, or a new access token with more scopes, may solve: the next call signs in anew. */
const mendedByNewCredentials: ReadonlySet<ErrorCode> = new Set([
  'O2O_OKTA_CREDENTIALS_INVALID',
  'O2O_OKTA_PERMISSION_MISSING',
]);

/** What all sessions of one org share: the SDK's client, made and signed in once, and anew after its credentials failed. */
export class Connection {
  readonly name: string;
  readonly url: string;
  readonly #executor: OktaRequestExecutor;
  readonly #create: () => Promise<Client>;
  #signedIn: Promise<Client> | null = null;

  constructor(
    org: { readonly name: string; readonly url: string },
    executor: OktaRequestExecutor,
    create: () => Promise<Client>,
  ) {
    this.name = org.name;
    this.url = org.url;
    this.#executor = executor;
    this.#create = create;
  }

  /** Sends a request within a {@link callContext}. */
  async send(request: OktaRequest, anonymous: boolean): Promise<Response> {
    if (anonymous) return this.#executor.fetch(request);
    try {
      const client = await unlessAborted(this.#signIn(), callContext.getStore()?.signal);
      return await client.http.http(request.url, request);
    } catch (error) {
      if (error instanceof Org2OrgError && mendedByNewCredentials.has(error.code)) this.#signedIn = null;
      throw error;
    }
  }

  /**
   * The first access token is fetched once for all; no caller's cancellation ends it for the others. After a failure
   * the next call reads the credentials anew: someone may have mended them meanwhile.
   */
  #signIn(): Promise<Client> {
    if (this.#signedIn !== null) return this.#signedIn;
    const signingIn = this.#create().then(async (client) => {
      await callContext.run(contextOf('oauth2Token'), () => client.oauth?.getAccessToken());
      return client;
    });
    this.#signedIn = signingIn;
    signingIn.catch(() => {
      if (this.#signedIn === signingIn) this.#signedIn = null;
    });
    return signingIn;
  }
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
