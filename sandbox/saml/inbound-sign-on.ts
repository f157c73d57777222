import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { IdentityProvider } from '../core/records.js';
import { userTarget } from '../management/user-store.js';
import { ownAddress } from './embed-link.js';
import { acsUrlOf, type InboundSettings, inboundSettings } from './inbound-settings.js';
import { inboundUser } from './inbound-user.js';
import { sendRefusal } from './page.js';
import { maximumForm, postedResponse } from './posted-response.js';
import { invalidMessage, refusalReasons, SignOnRefused } from './refusal.js';
import { type ValidAssertion, validateResponse } from './response-validation.js';
import { startSession } from './session.js';
import { identityProviderTarget, unknownActor } from './sign-on-log.js';
import type { SignOnState } from './sign-on-state.js';

const Params = z.object({ idpId: z.string() });

/** The org as service provider: takes the SAML Responses of its identity providers. */
export function inboundSignOnRoutes(server: FastifyInstance, state: SignOnState): void {
  const { org } = state;
  server.post<{ Params: z.output<typeof Params> }>('/sso/saml2/:idpId', {
    bodyLimit: maximumForm,
    errorHandler: (error, request, reply) => {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      const { idpId } = Params.parse(request.params);
      return refuse(state, org.identityProviders.get(idpId), refusal, error.statusCode ?? 400, reply);
    },
    handler: async (request, reply) => {
      const provider = org.identityProviders.get(request.params.idpId);
      if (provider === undefined) return sendRefusal(reply, 404, 'E0000008', 'There is no such identity provider.');
      if (provider.status !== 'ACTIVE') throw invalidMessage('the identity provider is not active');
      const settings = inboundSettings(provider);
      const form = postedResponse(request.body);
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
    },
  });
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

function refusalOf(error: Error & { statusCode?: number }): SignOnRefused | null {
  if (error instanceof SignOnRefused) return error;
  return error.statusCode === 413 ? invalidMessage(`the form is longer than ${maximumForm} bytes`) : null;
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
