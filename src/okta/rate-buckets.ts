/** Requests that share one budget. */
export interface RateBucket {
  readonly name: string;
  /** What Okta documents for a whole paid org, in requests per minute: believed only while no answer says otherwise. */
  readonly perMinute: number;
}

interface BucketRule extends RateBucket {
  readonly methods?: readonly string[];
  readonly path: RegExp;
}

/**
 * The most specific rule stands first. Where Okta's tables disagree whether two kinds of requests share a budget they are
 * apart here: each then goes by the headers of its own answers, which are right either way.
 */
const rules: readonly BucketRule[] = [
  { name: '/oauth2/v1/clients', perMinute: 100, path: /^\/oauth2\/v1\/clients(\/|$)/ },
  { name: '/api/v1/logs', perMinute: 50, path: /^\/api\/v1\/logs(\/|$)/ },
  {
    name: '/api/v1/apps/{id}',
    perMinute: 500,
    methods: ['GET', 'PUT', 'DELETE'],
    path: /^\/api\/v1\/apps\/[^/]+$/,
  },
  { name: '/api/v1/apps', perMinute: 100, path: /^\/api\/v1\/apps(\/|$)/ },
  { name: '/api/v1/groups/{id}', perMinute: 500, path: /^\/api\/v1\/groups\/[^/]+$/ },
  { name: '/api/v1/groups', perMinute: 500, path: /^\/api\/v1\/groups(\/|$)/ },
  { name: '/api/v1/users/{id} GET', perMinute: 1_000, methods: ['GET'], path: /^\/api\/v1\/users\/[^/]+$/ },
  { name: '/api/v1/users/{id}', perMinute: 600, path: /^\/api\/v1\/users\/[^/]+$/ },
  { name: '/api/v1/users', perMinute: 600, path: /^\/api\/v1\/users(\/|$)/ },
  { name: '/api/v1', perMinute: 600, path: /^\/api\/v1\// },
];

/**
 * The bucket whose budget a request uses; null for what is not held back here: tokens, metadata, pages for people.
 *
 * @param path from the org's root, without query.
 */
export function rateBucketOf(method: string, path: string): RateBucket | null {
  const verb = method.toUpperCase();
  return rules.find((rule) => rule.path.test(path) && (rule.methods?.includes(verb) ?? true)) ?? null;
}
