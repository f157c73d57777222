import { newMessageId } from './message-id.js';
import { assertionNamespace, bearer, protocolNamespace, type SignatureAlgorithm, success } from './names.js';
import { escapeMarkup } from './xml.js';
import { type SigningKey, signElement } from './xml-signature.js';

export interface SamlAttribute {
  readonly name: string;
  readonly nameFormat: string;
  readonly values: readonly string[];
}

/** What a SAML Response says about one user to one service provider. */
export interface ResponseContent {
  readonly issuer: string;
  readonly destination: string;
  readonly recipient: string;
  readonly audience: string;
  /** ID of the AuthnRequest that is answered; null if the identity provider started the sign-on. */
  readonly inResponseTo: string | null;
  readonly nameId: string;
  readonly nameIdFormat: string;
  readonly attributes: readonly SamlAttribute[];
  readonly authnContext: string;
  readonly issuedAt: Date;
  readonly authenticatedAt: Date;
}

export interface ResponseSignature {
  readonly key: SigningKey;
  readonly algorithm: SignatureAlgorithm;
  readonly signResponse: boolean;
  readonly signAssertion: boolean;
}

const fiveMinutes = 5 * 60 * 1000;
const entityFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity';

/** A SAML Response as XML, signed as asked. The assertion is valid from five minutes before to five after `issuedAt`. */
export function signedResponse(content: ResponseContent, signature: ResponseSignature): string {
  const responseId = newMessageId();
  const assertionId = newMessageId();
  let xml = responseXml(content, responseId, assertionId);
  if (signature.signAssertion) xml = signElement(xml, assertionId, signature.key, signature.algorithm);
  if (signature.signResponse) xml = signElement(xml, responseId, signature.key, signature.algorithm);
  return `<?xml version="1.0" encoding="UTF-8"?>${xml}`;
}

function responseXml(content: ResponseContent, responseId: string, assertionId: string): string {
  const issuedAt = content.issuedAt.toISOString();
  const inResponseTo = content.inResponseTo === null ? '' : ` InResponseTo="${escapeMarkup(content.inResponseTo)}"`;
  const issuer =
    `<saml2:Issuer xmlns:saml2="${assertionNamespace}" Format="${entityFormat}">` +
    `${escapeMarkup(content.issuer)}</saml2:Issuer>`;
  return (
    `<saml2p:Response xmlns:saml2p="${protocolNamespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema"` +
    ` Destination="${escapeMarkup(content.destination)}" ID="${responseId}"${inResponseTo}` +
    ` IssueInstant="${issuedAt}" Version="2.0">${issuer}` +
    `<saml2p:Status><saml2p:StatusCode Value="${success}"/></saml2p:Status>` +
    `<saml2:Assertion xmlns:saml2="${assertionNamespace}" xmlns:xs="http://www.w3.org/2001/XMLSchema"` +
    ` ID="${assertionId}" IssueInstant="${issuedAt}" Version="2.0">${issuer}` +
    subjectXml(content) +
    conditionsXml(content) +
    `<saml2:AuthnStatement AuthnInstant="${content.authenticatedAt.toISOString()}"` +
    ` SessionIndex="${escapeMarkup(content.inResponseTo ?? newMessageId())}"><saml2:AuthnContext>` +
    `<saml2:AuthnContextClassRef>${escapeMarkup(content.authnContext)}</saml2:AuthnContextClassRef>` +
    '</saml2:AuthnContext></saml2:AuthnStatement>' +
    attributeStatementXml(content.attributes) +
    '</saml2:Assertion></saml2p:Response>'
  );
}

function subjectXml(content: ResponseContent): string {
  const inResponseTo = content.inResponseTo === null ? '' : ` InResponseTo="${escapeMarkup(content.inResponseTo)}"`;
  return (
    `<saml2:Subject><saml2:NameID Format="${escapeMarkup(content.nameIdFormat)}">${escapeMarkup(content.nameId)}</saml2:NameID>` +
    `<saml2:SubjectConfirmation Method="${bearer}"><saml2:SubjectConfirmationData${inResponseTo}` +
    ` NotOnOrAfter="${shifted(content.issuedAt, fiveMinutes)}" Recipient="${escapeMarkup(content.recipient)}"/>` +
    '</saml2:SubjectConfirmation></saml2:Subject>'
  );
}

function conditionsXml(content: ResponseContent): string {
  return (
    `<saml2:Conditions NotBefore="${shifted(content.issuedAt, -fiveMinutes)}"` +
    ` NotOnOrAfter="${shifted(content.issuedAt, fiveMinutes)}"><saml2:AudienceRestriction>` +
    `<saml2:Audience>${escapeMarkup(content.audience)}</saml2:Audience>` +
    '</saml2:AudienceRestriction></saml2:Conditions>'
  );
}

function attributeStatementXml(attributes: readonly SamlAttribute[]): string {
  if (attributes.length === 0) return '';
  const valueXml = (value: string) =>
    '<saml2:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">' +
    `${escapeMarkup(value)}</saml2:AttributeValue>`;
  const attributeXml = (attribute: SamlAttribute) =>
    `<saml2:Attribute Name="${escapeMarkup(attribute.name)}" NameFormat="${escapeMarkup(attribute.nameFormat)}">` +
    `${attribute.values.map(valueXml).join('')}</saml2:Attribute>`;
  return `<saml2:AttributeStatement>${attributes.map(attributeXml).join('')}</saml2:AttributeStatement>`;
}

function shifted(time: Date, milliseconds: number): string {
  return new Date(time.getTime() + milliseconds).toISOString();
}
