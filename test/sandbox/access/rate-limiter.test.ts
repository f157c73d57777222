import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateLimitBucket } from '../../../sandbox/access/rate-limit-buckets.js';
import { RateLimiter } from '../../../sandbox/access/rate-limiter.js';

describe('rate limit buckets', () => {
  it.each([
    ['GET', '/api/v1/apps', '/api/v1/apps'],
    ['POST', '/api/v1/apps', '/api/v1/apps'],
    ['GET', '/api/v1/apps/0oa1', '/api/v1/apps/{id}'],
    ['PUT', '/api/v1/apps/0oa1', '/api/v1/apps/{id}'],
    ['GET', '/api/v1/apps/0oa1/users', '/api/v1/apps'],
    ['PUT', '/api/v1/apps/0oa1/features/USER_PROVISIONING', '/api/v1/apps'],
    ['GET', '/api/v1/users', '/api/v1/users'],
    ['GET', '/api/v1/users/00u1/roles', '/api/v1/users'],
    ['GET', '/api/v1/users/00u1', '/api/v1/users/{id} GET'],
    ['POST', '/api/v1/users/00u1', '/api/v1/users/{id} write'],
    ['GET', '/api/v1/logs', '/api/v1/logs'],
    ['POST', '/oauth2/v1/clients', '/oauth2/v1/clients'],
    ['GET', '/api/v1/idps', '/api/v1'],
  ])('counts %s %s in %s', (method, path, bucket) => {
    expect(rateLimitBucket(method, path)?.name).toBe(bucket);
  });

  it('limits no pages for people', () => {
    expect(rateLimitBucket('GET', '/app/okta_org2org/exk1/sso/saml')).toBeNull();
  });
});

describe('rate limiter', () => {
  const path = '/api/v1/apps';

  it('gives one principal half of the bucket and tells how much is left', () => {
    const limiter = new RateLimiter('enterprise', () => 0);
    expect(limiter.take('GET', path, 'a')).toMatchObject({ allowed: true, limit: 50, remaining: 49, reset: 60 });
    for (let used = 1; used < 50; used += 1) limiter.take('GET', path, 'a');
    expect(limiter.take('GET', path, 'a')).toMatchObject({ allowed: false, remaining: 0, firstRefusal: true });
    expect(limiter.take('GET', path, 'a')).toMatchObject({ allowed: false, firstRefusal: false });
    expect(limiter.take('GET', path, 'b')).toMatchObject({ allowed: true });
  });

  it('begins anew when the window ends', () => {
    let now = 0;
    const limiter = new RateLimiter('integrator', () => now);
    for (let used = 0; used < 11; used += 1) limiter.take('GET', path, 'a');
    expect(limiter.take('GET', path, 'a')?.allowed).toBe(false);
    now = 60_000;
    expect(limiter.take('GET', path, 'a')?.allowed).toBe(true);
  });

  it('lets no more through than the bucket holds, whoever asks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 400 }), (principals) => {
        const limiter = new RateLimiter('enterprise', () => 0);
        const allowed = principals.filter((principal) => limiter.take('GET', path, principal)?.allowed);
        const most = Math.max(...['a', 'b', 'c', 'd'].map((name) => allowed.filter((entry) => entry === name).length));
        return allowed.length <= 100 && most <= 50;
      }),
    );
  });

  it('runs no more requests at once than the plan allows', () => {
    const limiter = new RateLimiter('integrator', () => 0);
    const entered = Array.from({ length: 36 }, () => limiter.enter());
    expect(entered.filter(Boolean)).toHaveLength(35);
    limiter.leave();
    expect(limiter.enter()).toBe(true);
  });

  it('takes four sign-ins a second for one login', () => {
    let now = 0;
    const limiter = new RateLimiter('enterprise', () => now);
    const five = () => Array.from({ length: 5 }, () => limiter.takeSignIn('ada'));
    expect(five()).toEqual([true, true, true, true, false]);
    expect(limiter.takeSignIn('bob')).toBe(true);
    now = 1000;
    expect(five()).toEqual([true, true, true, true, false]);
  });
});
