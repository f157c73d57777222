/** What an org was bought as; decides its rate limits. */
export type RateLimitPlan = 'enterprise' | 'integrator';

/** Requests that share one budget per minute. */
export interface RateLimitBucket {
  readonly name: string;
  /** Requests per minute of the whole org. */
  readonly perMinute: Readonly<Record<RateLimitPlan, number>>;
}

interface BucketRule extends RateLimitBucket {
  readonly matches: (method: string, path: string) => boolean;
}

/** The most specific rule stands first; the last one takes whatever is left. Okta's published defaults per minute. */
const rules: readonly BucketRule[] = [
  {
    name: '/oauth2/v1/token',
    perMinute: { enterprise: 1200, integrator: 300 },
    matches: (_method, path) => path === '/oauth2/v1/token',
  },
  {
    name: '/oauth2/v1/clients',
    perMinute: { enterprise: 100, integrator: 25 },
    matches: (_method, path) => path.startsWith('/oauth2/v1/clients'),
  },
  {
    name: '/oauth2/v1',
    perMinute: { enterprise: 1200, integrator: 300 },
    matches: (_method, path) => path.startsWith('/oauth2/'),
  },
  {
    name: '/api/v1/authn',
    perMinute: { enterprise: 600, integrator: 100 },
    matches: (_method, path) => path.startsWith('/api/v1/authn'),
  },
  {
    name: '/api/v1/logs',
    perMinute: { enterprise: 50, integrator: 20 },
    matches: (_method, path) => path.startsWith('/api/v1/logs'),
  },
  {
    name: '/api/v1/apps/{id}',
    perMinute: { enterprise: 600, integrator: 100 },
    matches: (method, path) => /^\/api\/v1\/apps\/[^/]+$/.test(path) && method !== 'POST',
  },
  {
    name: '/api/v1/apps',
    perMinute: { enterprise: 100, integrator: 20 },
    matches: (_method, path) => /^\/api\/v1\/apps(\/|$)/.test(path),
  },
  {
    name: '/api/v1/groups',
    perMinute: { enterprise: 600, integrator: 100 },
    matches: (_method, path) => /^\/api\/v1\/groups(\/|$)/.test(path),
  },
  {
    name: '/api/v1/users/{id} GET',
    perMinute: { enterprise: 1000, integrator: 100 },
    matches: (method, path) => /^\/api\/v1\/users\/[^/]+$/.test(path) && method === 'GET',
  },
  {
    name: '/api/v1/users/{id} write',
    perMinute: { enterprise: 600, integrator: 100 },
    matches: (_method, path) => /^\/api\/v1\/users\/[^/]+$/.test(path),
  },
  {
    name: '/api/v1/users',
    perMinute: { enterprise: 600, integrator: 100 },
    matches: (_method, path) => /^\/api\/v1\/users(\/|$)/.test(path),
  },
  {
    name: '/api/v1',
    perMinute: { enterprise: 600, integrator: 100 },
    matches: (_m, path) => path.startsWith('/api/v1/'),
  },
];

/** The bucket whose budget a request uses, or null where Okta limits nothing (sign-in pages, metadata). */
export function rateLimitBucket(method: string, path: string): RateLimitBucket | null {
  return rules.find((rule) => rule.matches(method, path)) ?? null;
}

/** Requests that one org carries out at the same time. */
export const concurrencyLimits: Readonly<Record<RateLimitPlan, number>> = { enterprise: 75, integrator: 35 };
