import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { unknown } from '../domain/diagnosis-check.js';
import { Org2OrgError } from '../domain/errors.js';
import { assessedCheck, tokenLife } from '../domain/key-points.js';
import { listApiTokens } from '../okta/api-tokens.js';
import type { OktaSession } from '../okta/session.js';
import { getUser } from '../okta/users.js';
import { identityProvider } from './identity-provider.js';
import { assess } from './resource.js';
import { serviceClient } from './service-client.js';
import { checkSpToken, type WithSpToken } from './sp-token.js';

/** The guide's key points that the SP org's configuration shows. */
export async function checkKeyPoints(session: OktaSession, input: ResourceInput): Promise<readonly Check[]> {
  const byClient = input.spec.provisioning.auth === 'oauth2';
  const provider = await assess(identityProvider, session, input);
  const agree = assessedCheck(
    'pushAndJitAgree',
    'Sign-on creates and links users as agreed, and leaves their profiles to the push',
    provider,
    (field) => field.startsWith('policy.provisioning.') || field.startsWith('policy.accountLink.'),
  );
  if (!byClient) return [agree];
  const statement =
    'Provisioning rests on a service client with the rights that it needs and no others, not on a person';
  return [assessedCheck('serviceAccount', statement, await assess(serviceClient, session, input)), agree];
}

/** Owner, role, age and last use of the token with which the IdP org provisions. */
export async function checkSpTokenLife(input: ResourceInput, withSpToken: WithSpToken): Promise<readonly Check[]> {
  const checks = await checkSpToken(input, withSpToken);
  const reference = input.spec.provisioning.token;
  if (reference === undefined || checks.some(({ result }) => result === 'failed')) return checks;
  return [...checks, ...(await withSpToken(reference, lifeChecks))];
}

async function lifeChecks(session: OktaSession): Promise<readonly Check[]> {
  const owner = await getUser(session, 'me');
  const { evidence } = session;
  const judged = await listApiTokens(session).then(
    (tokens) => {
      const own = tokens
        .filter(({ userId }) => userId === owner.id)
        .map(({ id, created, expiresAt }) => ({ id, created: created ?? null, expiresAt: expiresAt ?? null }));
      return tokenLife(owner.id, own, Date.now());
    },
    (error: unknown) => {
      if (!(error instanceof Org2OrgError) || error.problem.retryable) throw error;
      return unknown(error.problem.message, error.problem.fix);
    },
  );
  const notTold = unknown(
    `Okta does not tell a service account from a person; the owner is the user ${owner.id}`,
    'Make sure that the owner is a service account: provisioning ends when the owner of the token leaves.',
  );
  return [
    { name: 'spTokenLife', statement: 'Age and last use of the token are known, and it works', ...judged, evidence },
    { name: 'serviceAccount', statement: 'The owner of the token is a service account', ...notTold, evidence },
  ];
}
