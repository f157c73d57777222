import { newMessageId } from './message-id.js';
import { assertionNamespace, bindings, protocolNamespace } from './names.js';
import { child, escapeMarkup, parseXml, textOf, XmlRefused } from './xml.js';

/** What a service provider asks of an identity provider. */
export interface AuthnRequest {
  readonly id: string;
  readonly issuer: string;
  readonly destination: string | null;
  readonly acsUrl: string | null;
  readonly nameIdFormat: string | null;
  readonly forceAuthn: boolean;
}

/** Why an AuthnRequest is not accepted. */
export class AuthnRequestRefused extends Error {}

/** A new AuthnRequest with its XML, unsigned. */
export function newAuthnRequest(
  content: Omit<AuthnRequest, 'id' | 'destination' | 'acsUrl'> & {
    readonly destination: string;
    readonly acsUrl: string;
    readonly issuedAt: Date;
  },
): { readonly id: string; readonly xml: string } {
  const id = newMessageId();
  const format = content.nameIdFormat === null ? '' : ` Format="${escapeMarkup(content.nameIdFormat)}"`;
  const xml =
    `<saml2p:AuthnRequest xmlns:saml2p="${protocolNamespace}"` +
    ` AssertionConsumerServiceURL="${escapeMarkup(content.acsUrl)}" Destination="${escapeMarkup(content.destination)}"` +
    ` ForceAuthn="${content.forceAuthn}" ID="${id}" IssueInstant="${content.issuedAt.toISOString()}"` +
    ` ProtocolBinding="${bindings['HTTP-POST']}" Version="2.0">` +
    `<saml2:Issuer xmlns:saml2="${assertionNamespace}">${escapeMarkup(content.issuer)}</saml2:Issuer>` +
    `<saml2p:NameIDPolicy${format}/></saml2p:AuthnRequest>`;
  return { id, xml };
}

/**
 * Reads the XML of an AuthnRequest. Its signature is not looked at: the metadata say `WantAuthnRequestsSigned="false"`.
 * @throws AuthnRequestRefused
 */
export function parseAuthnRequest(xml: string): AuthnRequest {
  const request = rootOf(xml);
  if (request?.localName !== 'AuthnRequest' || request.namespaceURI !== protocolNamespace) {
    throw new AuthnRequestRefused('the message is not an AuthnRequest');
  }
  const id = request.getAttribute('ID') ?? '';
  const issuer = textOf(child(request, assertionNamespace, 'Issuer'));
  if (!/^[A-Za-z_][\w.-]{0,255}$/.test(id)) throw new AuthnRequestRefused('the request has no proper ID');
  if (issuer === '') throw new AuthnRequestRefused('the request names no issuer');
  if (request.getAttribute('Version') !== '2.0') throw new AuthnRequestRefused('the request is not SAML 2.0');
  return {
    id,
    issuer,
    destination: request.getAttribute('Destination'),
    acsUrl: request.getAttribute('AssertionConsumerServiceURL'),
    nameIdFormat: child(request, protocolNamespace, 'NameIDPolicy')?.getAttribute('Format') ?? null,
    forceAuthn: request.getAttribute('ForceAuthn') === 'true',
  };
}

function rootOf(xml: string) {
  try {
    return parseXml(xml).documentElement;
  } catch (error) {
    if (error instanceof XmlRefused) throw new AuthnRequestRefused(`the request is refused because ${error.message}`);
    throw error;
  }
}
