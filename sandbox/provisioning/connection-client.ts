import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { originHeaders } from '../control/origin.js';
import type { Org } from '../core/org.js';
import type { App, Connection } from '../core/records.js';
import { asObject, asText } from '../core/routing.js';
import type { ConnectionKeys } from './connection-keys.js';

/** What the other org answered. */
export interface TargetAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The other org did not answer, or refuses the connection's credentials. */
export class ConnectionFailed extends Error {}

const TokenAnswer = z.looseObject({ access_token: z.string(), token_type: z.string(), expires_in: z.number() });
const OAuthFailure = z.looseObject({ error: z.string(), error_description: z.string().optional() });

/** How long the other org may take: on a busy machine longer than a person would wait, and what is given up is lost. */
const timeoutMs = 60_000;
const scopes = 'okta.users.manage okta.groups.manage';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface HeldToken {
  readonly value: string;
  readonly type: string;
  readonly validUntil: number;
}

/**
 * Calls the other org of a provisioning connection over HTTP, with the connection's own credentials: the API token, or
 * OAuth 2.0 client credentials with an assertion signed by the connection's key, DPoP-bound where the client asks for it.
 */
export class ConnectionClient {
  readonly #org: Org;
  readonly #app: App;
  readonly #connection: Connection;
  readonly #keys: ConnectionKeys;
  #proofKey: Promise<GenerateKeyPairResult> | undefined;
  #nonce: string | undefined;
  #token: HeldToken | undefined;

  constructor(org: Org, app: App, connection: Connection, keys: ConnectionKeys) {
    this.#org = org;
    this.#app = app;
    this.#connection = connection;
    this.#keys = keys;
  }

  /** @throws ConnectionFailed if there is no answer or no token can be had */
  async call(method: string, path: string, body?: unknown): Promise<TargetAnswer> {
    const answer = await this.#send(method, path, body);
    if (answer.status !== 401 || this.#token === undefined) return answer;
    this.#token = undefined;
    return this.#send(method, path, body);
  }

  get #baseUrl(): string {
    const url = asText(asObject(this.#app.settings.app).baseUrl) ?? this.#connection.baseUrl ?? '';
    return url.replace(/\/+$/, '');
  }

  async #send(method: string, path: string, body: unknown): Promise<TargetAnswer> {
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...(await this.#authorization(method, `${this.#baseUrl}${decodeURIComponent(path.split('?')[0] ?? '')}`)),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    return this.#exchange(path, method, headers, body === undefined ? undefined : JSON.stringify(body));
  }

  async #authorization(method: string, url: string): Promise<Record<string, string>> {
    if (this.#connection.authScheme !== 'OAUTH2') return { authorization: `SSWS ${this.#connection.token ?? ''}` };
    const token =
      this.#token !== undefined && this.#token.validUntil > Date.now() ? this.#token : await this.#newToken();
    this.#token = token;
    if (token.type !== 'DPoP') return { authorization: `Bearer ${token.value}` };
    return { authorization: `DPoP ${token.value}`, dpop: await this.#proof(method, url, token.value) };
  }

  async #newToken(): Promise<HeldToken> {
    const first = await this.#requestToken();
    const failure = OAuthFailure.safeParse(first.body).data;
    const answer = failure?.error === 'use_dpop_nonce' ? await this.#requestToken() : first;
    const token = TokenAnswer.safeParse(answer.body);
    if (answer.status === 200 && token.success) {
      const { access_token: value, token_type: type, expires_in: seconds } = token.data;
      return { value, type, validUntil: Date.now() + (seconds - 60) * 1000 };
    }
    const reason = OAuthFailure.safeParse(answer.body).data;
    throw new ConnectionFailed(`Not authorized: ${reason?.error_description ?? `status ${answer.status}`}`);
  }

  async #requestToken(): Promise<TargetAnswer> {
    const url = `${this.#baseUrl}/oauth2/v1/token`;
    const clientId = this.#connection.clientId ?? '';
    const { kid, key } = await this.#keys.signingKey(this.#app);
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(url)
      .setIssuedAt()
      .setExpirationTime('5m')
      .setJti(randomUUID())
      .sign(key);
    const form = { grant_type: 'client_credentials', scope: scopes, client_assertion_type: assertionType };
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      dpop: await this.#proof('POST', url),
    };
    const body = new URLSearchParams({ ...form, client_assertion: assertion }).toString();
    return this.#exchange('/oauth2/v1/token', 'POST', headers, body);
  }

  async #proof(method: string, url: string, accessToken?: string): Promise<string> {
    this.#proofKey ??= generateKeyPair('ES256');
    const { privateKey, publicKey } = await this.#proofKey;
    const ath = accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') };
    const nonce = accessToken !== undefined || this.#nonce === undefined ? {} : { nonce: this.#nonce };
    return new SignJWT({ htm: method, htu: url, ...ath, ...nonce })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(publicKey) })
      .setIssuedAt()
      .setJti(randomUUID())
      .sign(privateKey);
  }

  async #exchange(
    path: string,
    method: string,
    headers: Record<string, string>,
    body: string | undefined,
  ): Promise<TargetAnswer> {
    try {
      const answer = await request(`${this.#baseUrl}${path}`, {
        method: method as Dispatcher.HttpMethod,
        headers: { ...headers, 'user-agent': `Okta-Org2Org/${this.#org.name}`, ...originHeaders('provisioning') },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const nonce = answer.headers['dpop-nonce'];
      if (typeof nonce === 'string') this.#nonce = nonce;
      return { status: answer.statusCode, body: parsed(await answer.body.text()) };
    } catch {
      throw new ConnectionFailed('Invalid URL: the remote org did not answer.');
    }
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}
