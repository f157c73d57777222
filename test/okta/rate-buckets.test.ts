import { expect, test } from 'vitest';
import { rateBucketOf } from '../../src/okta/rate-buckets.js';

test.each([
  ['GET', '/api/v1/apps', '/api/v1/apps'],
  ['POST', '/api/v1/apps', '/api/v1/apps'],
  ['GET', '/api/v1/apps/0oa1', '/api/v1/apps/{id}'],
  ['put', '/api/v1/apps/0oa1', '/api/v1/apps/{id}'],
  ['GET', '/api/v1/apps/0oa1/users', '/api/v1/apps'],
  ['POST', '/api/v1/apps/0oa1/users/00u1', '/api/v1/apps'],
  ['PUT', '/api/v1/apps/0oa1/features/USER_PROVISIONING', '/api/v1/apps'],
  ['GET', '/api/v1/users', '/api/v1/users'],
  ['GET', '/api/v1/users/00u1/roles', '/api/v1/users'],
  ['GET', '/api/v1/users/00u1', '/api/v1/users/{id} GET'],
  ['POST', '/api/v1/users/00u1', '/api/v1/users/{id}'],
  ['GET', '/api/v1/groups/00g1', '/api/v1/groups/{id}'],
  ['GET', '/api/v1/groups/00g1/users', '/api/v1/groups'],
  ['GET', '/api/v1/logs', '/api/v1/logs'],
  ['POST', '/oauth2/v1/clients', '/oauth2/v1/clients'],
  ['GET', '/api/v1/idps/0oa1/users', '/api/v1'],
  ['GET', '/api/v1/iam/assignees/users', '/api/v1'],
])('%s %s uses the budget %s', (method, path, bucket) => {
  expect(rateBucketOf(method, path)?.name).toBe(bucket);
});

test.each(['/oauth2/v1/token', '/.well-known/okta-organization', '/app/exk1/sso/saml/metadata'])(
  '%s is not held back',
  (path) => {
    expect(rateBucketOf('GET', path)).toBeNull();
  },
);
