import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { checkOn, helpedBy, unknown } from '../domain/diagnosis-check.js';
import type { Look } from '../domain/diagnosis-facts.js';
import { Org2OrgError } from '../domain/errors.js';
import { assessedCheck, type SeenTokenLife, tokenLife } from '../domain/key-points.js';
import { listApiTokens } from '../okta/api-tokens.js';
import type { OktaSession } from '../okta/session.js';
import { getUser } from '../okta/users.js';
import { identityProvider } from './identity-provider.js';
import { assess } from './resource.js';
import { serviceClient } from './service-client.js';
import { checkSpToken, type WithSpToken } from './sp-token.js';

/** Most API tokens of an org that are looked at. */
const mostTokens = 1_000;

/** What is said where the tokens were read with the token itself. */
const renewed = "the last use is this verification; with okta.apiTokens.read the SP org's worker sees the one before";

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

/** The API tokens of the SP org, or why the worker's own credentials do not show them. */
export async function readSpTokens(session: OktaSession): Promise<Look<readonly SeenTokenLife[]>> {
  try {
    const listed = await listApiTokens(session);
    const seen = listed.slice(0, mostTokens).map(({ id, userId, created, expiresAt }) => ({
      id,
      owner: userId ?? null,
      created: created ?? null,
      expiresAt: expiresAt ?? null,
    }));
    return { seen, problem: null, evidence: session.evidence };
  } catch (error) {
    if (!(error instanceof Org2OrgError) || error.problem.retryable) throw error;
    return { seen: null, problem: error.problem, evidence: session.evidence };
  }
}

/**
 * Owner, role, age and last use of the token with which the IdP org provisions.
 *
 * @param before the tokens as they were until now: this very look uses one, which lets it live on.
 */
export async function checkSpTokenLife(
  input: ResourceInput,
  before: Look<readonly SeenTokenLife[]> | null,
  withSpToken: WithSpToken,
): Promise<readonly Check[]> {
  const checks = await checkSpToken(input, withSpToken);
  const reference = input.spec.provisioning.token;
  if (reference === undefined || checks.some(({ result }) => result === 'failed')) return checks;
  return [...checks, ...(await withSpToken(reference, (session) => lifeChecks(session, before)))];
}

async function lifeChecks(
  session: OktaSession,
  before: Look<readonly SeenTokenLife[]> | null,
): Promise<readonly Check[]> {
  const owner = await getUser(session, 'me');
  const tokens = before?.problem === null ? before : await readSpTokens(session);
  const notTold = unknown(
    `Okta does not tell a service account from a person; the owner is the user ${owner.id}`,
    'Make sure that the owner is a service account: provisioning ends when the owner of the token leaves.',
  );
  const { evidence } = session;
  return [
    checkOn(
      'spTokenLife',
      'Age and last use of the token are known, and it works',
      helpedBy(tokens, { seen: null, problem: null, evidence }),
      (seen) => {
        const judged = tokenLife(owner.id, seen, Date.now());
        return tokens === before ? judged : { ...judged, detail: `${judged.detail}; ${renewed}` };
      },
    ),
    { name: 'serviceAccount', statement: 'The owner of the token is a service account', ...notTold, evidence },
  ];
}
