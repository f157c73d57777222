import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import type { RunningOrg } from '../../../sandbox/control/running-sandbox.js';
import { call, type OktaAnswer } from '../okta-caller.js';

export interface ServiceAppOptions {
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly dpop?: boolean;
}

/** A service app of an org with a key of its own, for tests of OAuth 2.0. */
export class ServiceApp {
  readonly org: RunningOrg;
  readonly clientId: string;
  readonly keys: GenerateKeyPairResult;
  readonly #proofKeys: GenerateKeyPairResult;

  private constructor(
    org: RunningOrg,
    clientId: string,
    keys: GenerateKeyPairResult,
    proofKeys: GenerateKeyPairResult,
  ) {
    this.org = org;
    this.clientId = clientId;
    this.keys = keys;
    this.#proofKeys = proofKeys;
  }

  static async register(org: RunningOrg, options: ServiceAppOptions = {}): Promise<ServiceApp> {
    const keys = await generateKeyPair('ES256');
    const key = { ...(await exportJWK(keys.publicKey)), kid: 'k1', use: 'sig' };
    const { body } = await call(org, 'POST', '/oauth2/v1/clients', {
      body: {
        client_name: `service ${randomUUID()}`,
        application_type: 'service',
        grant_types: ['client_credentials'],
        response_types: ['token'],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [key] },
        dpop_bound_access_tokens: options.dpop ?? false,
      },
    });
    const clientId: string = body.client_id;
    for (const scopeId of options.scopes ?? []) {
      await call(org, 'POST', `/api/v1/apps/${clientId}/grants`, { body: { scopeId, issuer: org.url } });
    }
    for (const type of options.roles ?? []) {
      await call(org, 'POST', `/oauth2/v1/clients/${clientId}/roles`, { body: { type } });
    }
    return new ServiceApp(org, clientId, keys, await generateKeyPair('ES256'));
  }

  get tokenUrl(): string {
    return `${this.org.url}/oauth2/v1/token`;
  }

  async assertion(claims: Record<string, unknown> = {}): Promise<string> {
    return new SignJWT({ iss: this.clientId, sub: this.clientId, aud: this.tokenUrl, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(this.keys.privateKey);
  }

  /** Asks for a token. `form` replaces fields of the request. */
  async requestToken(
    scope: string,
    form: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<OktaAnswer> {
    const fields = {
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.assertion(),
      ...form,
    };
    const answer = await fetch(this.tokenUrl, { method: 'POST', headers, body: new URLSearchParams(fields) });
    return { status: answer.status, body: await answer.json(), headers: answer.headers };
  }

  /** A token for these scopes that is bound to nothing. */
  async token(...scopes: string[]): Promise<string> {
    return (await this.requestToken(scopes.join(' '))).body.access_token;
  }

  async proof(
    method: string,
    url: string,
    claims: Record<string, unknown> = {},
    accessToken?: string,
  ): Promise<string> {
    const ath = accessToken === undefined ? {} : { ath: createHash('sha256').update(accessToken).digest('base64url') };
    return new SignJWT({ htm: method, htu: url, jti: randomUUID(), ...ath, ...claims })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(this.#proofKeys.publicKey) })
      .setIssuedAt()
      .sign(this.#proofKeys.privateKey);
  }
}
