import { createPublicKey } from 'node:crypto';
import { importPKCS8 } from 'jose';
import { generateSigningKey } from '../core/keys.js';
import type { Org } from '../core/org.js';
import type { App, SigningKey } from '../core/records.js';
import { asObject, asText } from '../core/routing.js';

type ImportedKey = Awaited<ReturnType<typeof importPKCS8>>;

/**
 * The keys with which provisioning connections sign. With `rotationMode: AUTO` a connection has a key of its own, which
 * exists as soon as somebody asks for its public part; with `MANUAL` it signs with the app's signing key.
 */
export class ConnectionKeys {
  readonly #org: Org;
  readonly #own = new Map<string, Promise<SigningKey>>();

  constructor(org: Org) {
    this.#org = org;
  }

  /** The public keys as the connection's `jwks` endpoint answers them. */
  async publicKeys(app: App): Promise<Record<string, string>[]> {
    const keys = this.#isManual(app) ? (this.#org.appKeys.get(app.id) ?? []) : [await this.#ownKey(app)];
    return keys.map((key) => {
      const { n = '', e = '' } = createPublicKey(key.privateKeyPem).export({ format: 'jwk' });
      return { kty: 'RSA', kid: key.kid, use: 'sig', alg: 'RS256', e, n };
    });
  }

  /** The key that signs now. */
  async signingKey(app: App): Promise<{ kid: string; key: ImportedKey }> {
    const signing = this.#isManual(app) ? this.#activeAppKey(app) : await this.#ownKey(app);
    return { kid: signing.kid, key: await importPKCS8(signing.privateKeyPem, 'RS256') };
  }

  #isManual(app: App): boolean {
    return this.#org.connections.get(app.id)?.rotationMode === 'MANUAL';
  }

  #ownKey(app: App): Promise<SigningKey> {
    const known = this.#own.get(app.id);
    if (known !== undefined) return known;
    const made = generateSigningKey({ commonName: app.id, validityYears: 10, clock: this.#org.clock });
    this.#own.set(app.id, made);
    return made;
  }

  #activeAppKey(app: App): SigningKey {
    const kid = asText(asObject(app.credentials.signing).kid);
    const key = this.#org.appKeys.get(app.id)?.find((candidate) => candidate.kid === kid);
    if (key === undefined) throw new Error(`The app ${app.id} has no signing key.`);
    return key;
  }
}
