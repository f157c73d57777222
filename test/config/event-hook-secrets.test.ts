import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EventHookSecrets, isHookSecret } from '../../src/config/event-hook-secrets.js';

const sha256 = (secret: string) => createHash('sha256').update(secret).digest('hex');

describe('the secrets of an event hook', () => {
  const secrets = EventHookSecrets.parse({ sha256: [sha256('old'), sha256('new').toUpperCase()] });

  it('are all taken, so that one can take the place of another', () => {
    expect(isHookSecret(secrets, 'old')).toBe(true);
    expect(isHookSecret(secrets, 'new')).toBe(true);
  });

  it.each(['', 'older', 'Bearer old', sha256('old'), ' old'])('are not %j', (presented) => {
    expect(isHookSecret(secrets, presented)).toBe(false);
  });

  it.each([
    ['the secret itself', { sha256: ['not a hash'] }],
    ['none', { sha256: [] }],
    ['more than five', { sha256: Array.from({ length: 6 }, () => sha256('x')) }],
    ['a field beside them', { sha256: [sha256('x')], secret: 'x' }],
  ])('cannot be configured as %s', (_, written) => {
    expect(EventHookSecrets.safeParse(written).success).toBe(false);
  });
});
