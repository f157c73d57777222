import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { IdentityProvider } from '../core/records.js';
import { acsUrlOf } from '../management/identity-provider-shape.js';
import { requestSigningKeyOf } from '../management/identity-providers.js';
import { newAuthnRequest } from './authn-request.js';
import { ownAddress } from './embed-link.js';
import { type InboundSettings, inboundSettings } from './inbound-settings.js';
import { nameIdFormats } from './names.js';
import { sendAutoSubmit, sendRefusal } from './page.js';
import { redirectUrl } from './redirect-binding.js';
import { SignOnRefused } from './refusal.js';
import type { SignOnState } from './sign-on-state.js';
import { signElement } from './xml-signature.js';

const Query = z.object({ RelayState: z.string().optional().catch(undefined) });
const requestMinutes = 10;

/** The org as service provider: sends people to an identity provider, with a deep link if they want an app. */
export function inboundStartRoutes(server: FastifyInstance, state: SignOnState): void {
  const { org } = state;

  server.get<{ Params: { idpId: string } }>('/sso/saml2/:idpId', (request, reply) => {
    const { RelayState } = Query.parse(request.query);
    const target = RelayState === undefined ? null : ownAddress(org, RelayState);
    return start(state, request.params.idpId, target ?? '/app/UserHome', reply);
  });

  server.get<{ Params: { idpId: string; name: string; key: string } }>(
    '/sso/saml2/:idpId/app/:name/:key/sso/saml',
    (request, reply) => start(state, request.params.idpId, deepLinkTarget(request), reply),
  );
}

function deepLinkTarget(request: FastifyRequest<{ Params: { name: string; key: string } }>): string {
  const { name, key } = request.params;
  const { RelayState } = Query.parse(request.query);
  const query = RelayState === undefined ? '' : `?RelayState=${encodeURIComponent(RelayState)}`;
  return `/app/${encodeURIComponent(name)}/${encodeURIComponent(key)}/sso/saml${query}`;
}

function start(state: SignOnState, idpId: string, target: string, reply: FastifyReply): FastifyReply {
  const provider = state.org.identityProviders.get(idpId);
  if (provider === undefined) return sendRefusal(reply, 404, 'E0000008', 'There is no such identity provider.');
  if (provider.status !== 'ACTIVE') {
    return sendRefusal(reply, 400, 'GENERAL_NONSUCCESS', 'The identity provider is not active.');
  }
  try {
    return sendRequest(state, provider, inboundSettings(provider), target, reply);
  } catch (error) {
    if (!(error instanceof SignOnRefused)) throw error;
    return sendRefusal(reply, 400, 'GENERAL_NONSUCCESS', error.detail);
  }
}

function sendRequest(
  state: SignOnState,
  provider: IdentityProvider,
  { protocol }: InboundSettings,
  target: string,
  reply: FastifyReply,
): FastifyReply {
  const { org } = state;
  const { sso } = protocol.endpoints;
  const now = org.clock.now();
  const { id, xml } = newAuthnRequest({
    issuer: provider.audience,
    destination: sso.destination || sso.url,
    acsUrl: acsUrlOf(org, provider),
    nameIdFormat: protocol.settings?.nameFormat ?? nameIdFormats.unspecified,
    forceAuthn: false,
    issuedAt: new Date(now),
  });
  state.sentRequests.add(id, { idpId: provider.id, target }, now + requestMinutes * 60_000, now);
  const asked = protocol.algorithms?.request?.signature;
  const key = asked?.scope === 'NONE' ? undefined : requestSigningKeyOf(org, provider);
  const algorithm = asked?.algorithm ?? 'SHA-256';
  if (sso.binding === 'HTTP-REDIRECT') {
    const signature = key === undefined ? null : { privateKey: key.privateKeyPem, algorithm };
    return reply.redirect(redirectUrl(sso.url, xml, target, signature));
  }
  const signed =
    key === undefined
      ? xml
      : signElement(xml, id, { privateKey: key.privateKeyPem, certificate: key.certificate }, algorithm);
  return sendAutoSubmit(reply, sso.url, { SAMLRequest: Buffer.from(signed).toString('base64'), RelayState: target });
}
