import { createHash } from 'node:crypto';
import { newSecret } from '../core/ids.js';

/** An access token that the org has issued to a client. */
export interface AccessToken {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970 by the org's clock. */
  readonly expiresAt: number;
  /** Thumbprint of the key that the token is bound to; null for a Bearer token. */
  readonly thumbprint: string | null;
}

const lifetimeSeconds = 3600;
const nonceLifetimeMs = 60 * 60_000;
const rememberedMs = 2 * 60 * 60_000;

/** The access tokens of one org, what must not be used twice, and the nonce for DPoP proofs. */
export class AccessTokens {
  static readonly lifetimeSeconds = lifetimeSeconds;
  readonly #now: () => number;
  readonly #tokens = new Map<string, AccessToken>();
  readonly #used = new Map<string, number>();
  #requests = 0;
  #challengedAt: number | undefined;
  #nonces: { readonly value: string; readonly since: number }[] = [];

  /** @param now the org's clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Issues a token and returns its value, which is kept as a hash only. */
  issue(token: Omit<AccessToken, 'expiresAt'>): string {
    const value = newSecret(64);
    this.#tokens.set(hash(value), { ...token, expiresAt: this.#now() + lifetimeSeconds * 1000 });
    return value;
  }

  /** The token with this value, if it was issued here and has not expired. */
  find(value: string): AccessToken | null {
    const key = hash(value);
    const token = this.#tokens.get(key);
    if (token === undefined) return null;
    if (token.expiresAt > this.#now()) return token;
    this.#tokens.delete(key);
    return null;
  }

  /** False if the same id was used before, within two hours. */
  useOnce(id: string): boolean {
    const now = Date.now();
    for (const [used, until] of this.#used) {
      if (until > now) break;
      this.#used.delete(used);
    }
    if (this.#used.has(id)) return false;
    this.#used.set(id, now + rememberedMs);
    return true;
  }

  /** The nonce that proofs must carry now. */
  get nonce(): string {
    const now = this.#now();
    const current = this.#nonces.at(-1);
    if (current !== undefined && now - current.since < nonceLifetimeMs) return current.value;
    const value = newSecret(32);
    this.#nonces = [...this.#nonces.slice(-1), { value, since: now }];
    return value;
  }

  /** Whether a nonce is the current one or the one before. */
  nonceIsGood(nonce: unknown): boolean {
    return this.#nonces.some((known) => known.value === nonce);
  }

  /** Notes that the org got a request. */
  countRequest(): void {
    this.#requests += 1;
  }

  /**
   * For clients that cannot carry a proof (a replay of recordings): true for a token request that follows at once on the
   * one that was told to use a nonce, false for a request that must be told so.
   */
  answersChallenge(): boolean {
    const answers = this.#challengedAt === this.#requests - 1;
    this.#challengedAt = answers ? undefined : this.#requests;
    return answers;
  }
}

function hash(value: string): string {
  return createHash('sha256').update(value).digest('base64');
}
