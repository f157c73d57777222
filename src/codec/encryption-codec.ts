import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const algorithm = 'aes-256-gcm';
const encoding = 'binary/encrypted';
const ivLength = 12;
const tagLength = 16;

/** Length of a key in bytes. */
export const keyLength = 32;

const WirePayload = proto.temporal.api.common.v1.Payload;
const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('utf8');

function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/**
 * Encrypts what workflows and activities are given and return, so that the Temporal server stores no content. Ids,
 * types, task queues, search attributes and messages of failures stay readable.
 */
export class EncryptionCodec implements PayloadCodec {
  readonly #newest: { readonly id: string; readonly key: Buffer };
  readonly #keys: ReadonlyMap<string, Buffer>;

  /** The first key encrypts; every key decrypts, so that older payloads stay readable after a change of keys. */
  constructor(keys: readonly [Buffer, ...Buffer[]]) {
    this.#newest = { id: keyIdOf(keys[0]), key: keys[0] };
    this.#keys = new Map(keys.map((key) => [keyIdOf(key), key]));
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.#encrypt(payload));
  }

  /** @throws Error if a payload was encrypted with a key that is not here, or was changed. */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      text(payload.metadata?.encoding) === encoding ? this.#decrypt(payload) : payload,
    );
  }

  #encrypt(payload: Payload): Payload {
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv(algorithm, this.#newest.key, iv);
    const clear = WirePayload.encode(payload).finish();
    const data = Buffer.concat([iv, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { encoding: Buffer.from(encoding), 'encryption-key-id': Buffer.from(this.#newest.id) }, data };
  }

  #decrypt(payload: Payload): Payload {
    const id = text(payload.metadata?.['encryption-key-id']);
    const key = this.#keys.get(id);
    if (key === undefined) throw new Error(`a payload was encrypted with key ${id}, which is not configured here`);
    const data = Buffer.from(payload.data ?? []);
    const decipher = createDecipheriv(algorithm, key, data.subarray(0, ivLength), { authTagLength: tagLength });
    decipher.setAuthTag(data.subarray(-tagLength));
    const clear = Buffer.concat([decipher.update(data.subarray(ivLength, -tagLength)), decipher.final()]);
    const { metadata, data: content } = WirePayload.decode(clear);
    return { metadata, data: content };
  }
}
