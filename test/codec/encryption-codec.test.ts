import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDataConverter } from '../../src/codec/data-converter.js';
import { EncryptionCodec } from '../../src/codec/encryption-codec.js';

const [first, second] = [randomBytes(32), randomBytes(32)];
const decoded = (payload: Payload | undefined) => payload && defaultPayloadConverter.fromPayload(payload);

async function encoded(codec: EncryptionCodec, value: unknown): Promise<Payload> {
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(value)]);
  return payload ?? {};
}

describe('encryption of payloads', () => {
  it('gives back every value as it was', async () => {
    const codec = new EncryptionCodec([first]);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const [payload] = await codec.decode([await encoded(codec, value)]);
        expect(JSON.stringify(decoded(payload))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('leaves nothing of the content readable, and no two payloads alike', async () => {
    const codec = new EncryptionCodec([first]);
    const [one, other] = [await encoded(codec, 'ada@example.com'), await encoded(codec, 'ada@example.com')];
    expect(Buffer.from(one.data ?? []).toString('latin1')).not.toContain('ada');
    expect(Buffer.from(one.data ?? [])).not.toEqual(Buffer.from(other.data ?? []));
  });

  it('reads payloads of an older key while it is still listed, and names the key when it is not', async () => {
    const old = await encoded(new EncryptionCodec([first]), 'kept');
    const [payload] = await new EncryptionCodec([second, first]).decode([old]);
    expect(decoded(payload)).toBe('kept');
    await expect(new EncryptionCodec([second]).decode([old])).rejects.toThrow(
      /key [0-9a-f]{16}, which is not configured/,
    );
  });

  it('refuses a payload that was changed on the way', async () => {
    const codec = new EncryptionCodec([first]);
    const { metadata, data } = await encoded(codec, 'true');
    const changed = Buffer.from(data ?? []);
    changed[20] = (changed[20] ?? 0) ^ 1;
    await expect(codec.decode([{ metadata: metadata ?? {}, data: changed }])).rejects.toThrow();
  });

  it('lets payloads through that were never encrypted', async () => {
    const [payload] = await new EncryptionCodec([first]).decode([defaultPayloadConverter.toPayload('clear')]);
    expect(decoded(payload)).toBe('clear');
  });
});

describe('the setting ORG2ORG_PAYLOAD_KEY', () => {
  const secrets = async (reference: string) => (reference === 'env:GOOD' ? first.toString('base64') : 'c2hvcnQ=');

  it('is optional', async () => {
    expect(await loadDataConverter({}, secrets)).toEqual({});
  });

  it('turns encryption on with the key that it refers to', async () => {
    const { payloadCodecs = [] } = await loadDataConverter({ ORG2ORG_PAYLOAD_KEY: 'env:GOOD' }, secrets);
    const [payload] = (await payloadCodecs[0]?.decode([await encoded(new EncryptionCodec([first]), 'same key')])) ?? [];
    expect(decoded(payload)).toBe('same key');
  });

  it('says what is wrong with a key without showing it', async () => {
    const loaded = loadDataConverter({ ORG2ORG_PAYLOAD_KEY: 'env:GOOD, env:SHORT' }, secrets);
    const message = await loaded.then(String, (error: Error) => error.message);
    expect(message).toContain('the secret behind env:SHORT must be 32 bytes in base64, it has 5');
    expect(message).not.toContain('c2hvcnQ=');
  });
});
