import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Org } from '../core/org.js';
import type { IdentityProvider } from '../core/records.js';
import { acsUrlOf } from '../management/identity-provider-shape.js';
import { identityProviderTarget } from '../management/identity-providers.js';
import { userTarget } from '../management/user-store.js';
import { ownAddress } from './embed-link.js';
import { type InboundSettings, inboundSettings, issuerTrustedBy } from './inbound-settings.js';
import { inboundUser } from './inbound-user.js';
import { sendRefusal } from './page.js';
import { maximumForm, postedResponse } from './posted-response.js';
import { invalidMessage, refusalReasons, SignOnRefused } from './refusal.js';
import { claimedIssuer, type ValidAssertion, validateResponse } from './response-validation.js';
import { startSession } from './session.js';
import { unknownActor } from './sign-on-log.js';
import type { SignOnState } from './sign-on-state.js';

/** The org as service provider: takes the SAML Responses of its identity providers, at their own ACS or at the org's. */
export function inboundSignOnRoutes(server: FastifyInstance, state: SignOnState): void {
  const { org } = state;
  const tooLong = (error: FastifyError, reply: FastifyReply, provider?: IdentityProvider) => {
    if (error.statusCode !== 413) throw error;
    return refuse(state, provider, invalidMessage(`the form is longer than ${maximumForm} bytes`), 413, reply);
  };

  server.post<{ Params: { idpId: string } }>('/sso/saml2/:idpId', {
    bodyLimit: maximumForm,
    errorHandler: (error, request, reply) => {
      const { idpId } = z.object({ idpId: z.string() }).parse(request.params);
      return tooLong(error, reply, org.identityProviders.get(idpId));
    },
    handler: (request, reply) => {
      const provider = org.identityProviders.get(request.params.idpId);
      if (provider === undefined) return sendRefusal(reply, 404, 'E0000008', 'There is no such identity provider.');
      return receive(state, () => provider, request.body, reply);
    },
  });

  server.post('/sso/saml2', {
    bodyLimit: maximumForm,
    errorHandler: (error, _request, reply) => tooLong(error, reply),
    handler: (request, reply) => receive(state, (response) => providerOfIssuer(org, response), request.body, reply),
  });
}

/** Signs in whom the posted Response names, or refuses. */
async function receive(
  state: SignOnState,
  providerOf: (samlResponse: string) => IdentityProvider,
  body: unknown,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { org } = state;
  let provider: IdentityProvider | undefined;
  try {
    const form = postedResponse(body);
    provider = providerOf(form.SAMLResponse);
    if (provider.status !== 'ACTIVE') throw invalidMessage('the identity provider is not active');
    const settings = inboundSettings(provider);
    const assertion = await accepted(state, provider, settings, form.SAMLResponse);
    const target = targetAfter(state, settings, assertion, form.RelayState);
    const user = inboundUser(org, provider, settings, assertion);
    const session = startSession(org, reply, user, provider.id);
    org.log.write({
      eventType: 'user.authentication.auth_via_IDP',
      actor: userTarget(user),
      target: [identityProviderTarget(provider), userTarget(user)],
      outcome: { result: 'SUCCESS' },
      externalSessionId: session.id,
    });
    return reply.redirect(target, 303);
  } catch (error) {
    if (!(error instanceof SignOnRefused)) throw error;
    return refuse(state, provider, error, 400, reply);
  }
}

/**
 * The identity provider that a Response at the org's own ACS says it comes from. Only that one's keys count later.
 * @throws SignOnRefused
 */
function providerOfIssuer(org: Org, samlResponse: string): IdentityProvider {
  const issuer = claimedIssuer(samlResponse);
  const provider = org.identityProviders.find(
    (one) => acsUrlOf(org, one) === `${org.url}/sso/saml2` && issuer !== null && issuerTrustedBy(one) === issuer,
  );
  if (provider === undefined) {
    throw new SignOnRefused(refusalReasons.issuer, `no identity provider with the ACS of the org trusts "${issuer}"`);
  }
  return provider;
}

/** Validates a Response by the settings of the identity provider and takes its assertion out of use. */
async function accepted(
  state: SignOnState,
  provider: IdentityProvider,
  { protocol, policy }: InboundSettings,
  samlResponse: string,
): Promise<ValidAssertion> {
  const { org } = state;
  const now = org.clock.now();
  const { trust } = protocol.credentials;
  const signature = protocol.algorithms?.response?.signature;
  const assertion = await validateResponse(samlResponse, {
    issuer: trust.issuer,
    audience: provider.audience,
    acsUrl: acsUrlOf(org, provider),
    certificates: [trust.kid, ...(trust.additionalKids ?? [])].flatMap(
      (kid) => org.identityProviderKeys.get(kid)?.certificate ?? [],
    ),
    signatureScope: signature?.scope ?? 'ANY',
    minimumAlgorithm: signature?.algorithm ?? 'SHA-256',
    clockSkew: policy.maxClockSkew ?? 0,
    now: new Date(now),
    isAwaited: (id) => state.sentRequests.get(id, now)?.idpId === provider.id,
  });
  const used = `${provider.id} ${assertion.id}`;
  if (!state.usedAssertions.add(used, true, assertion.expiresAt.getTime(), now)) {
    throw invalidMessage('the assertion was used before');
  }
  return assertion;
}

/** Where the person goes on: what was asked for at the start, or RelayState if it is an address of this org. */
function targetAfter(
  state: SignOnState,
  { protocol }: InboundSettings,
  assertion: ValidAssertion,
  relayState: string,
): string {
  const { org } = state;
  if (assertion.inResponseTo !== null) {
    const sent = state.sentRequests.take(assertion.inResponseTo, org.clock.now());
    if (sent === undefined) throw invalidMessage('the request was answered before');
    return sent.target;
  }
  const opaque = protocol.relayState?.format === 'OPAQUE';
  return (opaque || relayState === '' ? null : ownAddress(org, relayState)) ?? '/app/UserHome';
}

/** The System Log says why; the person is told no more than Okta tells. */
function refuse(
  state: SignOnState,
  provider: IdentityProvider | undefined,
  refusal: SignOnRefused,
  status: number,
  reply: FastifyReply,
): FastifyReply {
  state.org.log.write({
    eventType: 'user.authentication.auth_via_IDP',
    actor: unknownActor(null),
    target: provider === undefined ? [] : [identityProviderTarget(provider)],
    outcome: { result: 'FAILURE', reason: refusal.reason },
    debugData: { detail: refusal.detail },
  });
  return sendRefusal(reply, status, 'GENERAL_NONSUCCESS', refusalReasons.invalid);
}
