import { X509Certificate } from 'node:crypto';
import { SAML } from '@node-saml/node-saml';
import type { Element } from '@xmldom/xmldom';
import { type ResponseShape, responseShape } from './message-shape.js';
import { assertionNamespace, bearer, protocolNamespace, type SignatureAlgorithm, success } from './names.js';
import { invalidMessage, refusalReasons, SignOnRefused } from './refusal.js';
import { child, children, parseXml, textOf, XmlRefused } from './xml.js';
import { certificatePem } from './xml-signature.js';

/** What a service provider demands of a SAML Response. */
export interface ResponseDemands {
  /** Null where the service provider knows the identity provider by its certificate alone. */
  readonly issuer: string | null;
  readonly audience: string;
  /** Where the Response was received: its Destination and its Recipient must say the same. */
  readonly acsUrl: string;
  /** Certificates of the keys that may sign, base64 DER. One that is not valid now does not count. */
  readonly certificates: readonly string[];
  /** Which element must be signed. Every signature that is there must be valid, whatever is demanded. */
  readonly signatureScope: 'ANY' | 'RESPONSE' | 'TOKEN';
  readonly minimumAlgorithm: SignatureAlgorithm;
  /** Milliseconds by which the clocks of both sides may differ. */
  readonly clockSkew: number;
  readonly now: Date;
  /** Whether a request with this ID was sent and still waits for its answer. */
  readonly isAwaited: (requestId: string) => boolean;
}

/** What a valid Response says; everything stems from the signed element alone. */
export interface ValidAssertion {
  readonly id: string;
  readonly nameId: string;
  readonly nameIdFormat: string | null;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  readonly inResponseTo: string | null;
  /** From then on the assertion is refused for its age, so that its ID need not be remembered any longer. */
  readonly expiresAt: Date;
}

/**
 * Validates a SAML Response as it arrived by the POST binding. That it is used once is the caller's to check.
 * @throws SignOnRefused with the reason in Okta's words and a detail.
 */
export async function validateResponse(samlResponse: string, demands: ResponseDemands): Promise<ValidAssertion> {
  const shape = parsedShape(samlResponse, demands.minimumAlgorithm);
  refuseStatus(shape.response);
  for (const element of [shape.response, shape.assertion]) refuseIssuer(element, demands.issuer);
  refuseSignatureScope(shape, demands.signatureScope);
  const assertion = await verifiedAssertion(samlResponse, shape, demands);
  const inResponseTo = refuseUnaskedAnswer(shape.response, assertion, demands);
  if (shape.response.getAttribute('Destination') !== demands.acsUrl) {
    throw invalidMessage(`the Destination is ${quoted(shape.response.getAttribute('Destination'))}, not the ACS URL`);
  }
  const expiresAt = refuseConditions(assertion, demands);
  return { ...statements(assertion), inResponseTo, expiresAt: new Date(expiresAt + demands.clockSkew) };
}

/**
 * The issuer that a Response claims to have. Nothing is proven by it.
 * @throws SignOnRefused if it is no Response
 */
export function claimedIssuer(samlResponse: string): string | null {
  const { response, assertion } = parsedShape(samlResponse, 'SHA-1');
  const issuer = child(response, assertionNamespace, 'Issuer') ?? child(assertion, assertionNamespace, 'Issuer');
  return issuer === null ? null : textOf(issuer);
}

function parsedShape(samlResponse: string, minimum: SignatureAlgorithm): ResponseShape {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(samlResponse)) throw invalidMessage('the message is not base64');
  try {
    return responseShape(parseXml(Buffer.from(samlResponse, 'base64').toString('utf8')), minimum);
  } catch (error) {
    if (error instanceof XmlRefused) throw invalidMessage(`the message is refused because ${error.message}`);
    throw error;
  }
}

function refuseStatus(response: Element): void {
  const code = child(child(response, protocolNamespace, 'Status'), protocolNamespace, 'StatusCode');
  const status = code?.getAttribute('Value') ?? null;
  if (status !== success) throw invalidMessage(`the identity provider answers with status ${quoted(status)}`);
}

function refuseIssuer(element: Element, expected: string | null): void {
  if (expected === null) return;
  const issuer = child(element, assertionNamespace, 'Issuer');
  if (issuer === null && element.localName === 'Response') return;
  if (textOf(issuer) !== expected) {
    throw new SignOnRefused(refusalReasons.issuer, `found ${quoted(textOf(issuer))}, expected ${quoted(expected)}`);
  }
}

function refuseSignatureScope(shape: ResponseShape, scope: ResponseDemands['signatureScope']): void {
  const missing = {
    ANY: !shape.responseSigned && !shape.assertionSigned && 'neither the Response nor the Assertion is signed',
    RESPONSE: !shape.responseSigned && 'the Response is not signed',
    TOKEN: !shape.assertionSigned && 'the Assertion is not signed',
  }[scope];
  if (missing !== false) throw new SignOnRefused(refusalReasons.signature, missing);
}

/** Verifies every signature there is and returns the assertion as it was signed. */
async function verifiedAssertion(
  samlResponse: string,
  shape: ResponseShape,
  demands: ResponseDemands,
): Promise<Element> {
  const valid = demands.certificates.filter((certificate) => isValidAt(certificate, demands.now));
  if (valid.length === 0) {
    throw new SignOnRefused(refusalReasons.signature, 'no trusted certificate is valid at this time');
  }
  const saml = new SAML({
    idpCert: valid.map(certificatePem),
    issuer: demands.audience,
    callbackUrl: demands.acsUrl,
    audience: false,
    acceptedClockSkewMs: -1,
    wantAuthnResponseSigned: shape.responseSigned,
    wantAssertionsSigned: shape.assertionSigned,
  });
  const outcome = await saml.validatePostResponseAsync({ SAMLResponse: samlResponse }).catch(() => null);
  const xml = outcome?.profile?.getAssertionXml?.();
  if (xml === undefined) {
    throw new SignOnRefused(refusalReasons.signature, 'no trusted key made the signature over this element');
  }
  const assertion = parseXml(xml).documentElement;
  if (assertion === null) throw invalidMessage('the signed element is empty');
  return assertion;
}

/** The request that is answered, null if none is: the Response and the signed assertion must agree about it. */
function refuseUnaskedAnswer(response: Element, assertion: Element, demands: ResponseDemands): string | null {
  const answered = response.getAttribute('InResponseTo');
  for (const data of confirmations(assertion)) {
    if (data.getAttribute('InResponseTo') !== answered) {
      throw invalidMessage('Response and Assertion answer different requests');
    }
  }
  if (answered !== null && !demands.isAwaited(answered)) {
    throw invalidMessage(`no request with the ID ${quoted(answered)} waits for an answer`);
  }
  return answered;
}

/** Checks Conditions and subject confirmation; returns the time at which the assertion expires. */
function refuseConditions(assertion: Element, demands: ResponseDemands): number {
  const [conditions, ...more] = children(assertion, assertionNamespace, 'Conditions');
  if (conditions === undefined || more.length > 0) throw invalidMessage('the assertion needs one Conditions element');
  refuseAudience(conditions, demands.audience);
  const data = confirmations(assertion);
  if (data.length === 0) throw invalidMessage('the subject is not confirmed as bearer');
  for (const { element, what } of [
    { element: conditions, what: 'the assertion' },
    ...data.map((element) => ({ element, what: 'the subject confirmation' })),
  ]) {
    refuseTimes(element, what, demands);
  }
  for (const element of data) {
    if (!element.hasAttribute('NotOnOrAfter')) throw invalidMessage('the subject confirmation never expires');
    if (element.getAttribute('Recipient') !== demands.acsUrl) {
      throw invalidMessage(`the Recipient is ${quoted(element.getAttribute('Recipient'))}, not the ACS URL`);
    }
  }
  return Math.min(...[conditions, ...data].map((element) => time(element, 'NotOnOrAfter') ?? Number.POSITIVE_INFINITY));
}

function refuseAudience(conditions: Element, expected: string): void {
  const restrictions = children(conditions, assertionNamespace, 'AudienceRestriction');
  const audiences = restrictions.map((restriction) =>
    children(restriction, assertionNamespace, 'Audience').map((audience) => textOf(audience)),
  );
  if (audiences.length === 0 || audiences.some((allowed) => !allowed.includes(expected))) {
    const reason = refusalReasons.audience
      .replace('{0}', () => audiences.flat().join(', '))
      .replace('{1}', () => expected);
    throw new SignOnRefused(reason, `the audience is ${quoted(audiences.flat().join(', '))}`);
  }
}

function refuseTimes(element: Element, what: string, demands: ResponseDemands): void {
  const notBefore = time(element, 'NotBefore');
  const notOnOrAfter = time(element, 'NotOnOrAfter');
  const now = demands.now.getTime();
  if (notBefore !== null && now + demands.clockSkew < notBefore) throw invalidMessage(`${what} is not yet valid`);
  if (notOnOrAfter !== null && now - demands.clockSkew >= notOnOrAfter) throw invalidMessage(`${what} has expired`);
}

function statements(assertion: Element): Pick<ValidAssertion, 'id' | 'nameId' | 'nameIdFormat' | 'attributes'> {
  const nameId = child(child(assertion, assertionNamespace, 'Subject'), assertionNamespace, 'NameID');
  if (textOf(nameId) === '') throw invalidMessage('the assertion names no subject');
  const attributes = children(assertion, assertionNamespace, 'AttributeStatement')
    .flatMap((statement) => children(statement, assertionNamespace, 'Attribute'))
    .map((attribute): [string, string[]] => [
      attribute.getAttribute('Name') ?? '',
      children(attribute, assertionNamespace, 'AttributeValue').map((value) => textOf(value)),
    ]);
  return {
    id: assertion.getAttribute('ID') ?? '',
    nameId: textOf(nameId),
    nameIdFormat: nameId?.getAttribute('Format') ?? null,
    attributes: new Map(attributes),
  };
}

function confirmations(assertion: Element): Element[] {
  const subject = child(assertion, assertionNamespace, 'Subject');
  if (subject === null) return [];
  return children(subject, assertionNamespace, 'SubjectConfirmation')
    .filter((confirmation) => confirmation.getAttribute('Method') === bearer)
    .flatMap((confirmation) => children(confirmation, assertionNamespace, 'SubjectConfirmationData'));
}

function time(element: Element, attribute: string): number | null {
  const text = element.getAttribute(attribute);
  if (text === null) return null;
  const parsed = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(parsed)) throw invalidMessage(`${attribute} is not a time: ${quoted(text)}`);
  return parsed;
}

function isValidAt(certificate: string, at: Date): boolean {
  const parsed = new X509Certificate(Buffer.from(certificate, 'base64'));
  return Date.parse(parsed.validFrom) <= at.getTime() && at.getTime() < Date.parse(parsed.validTo);
}

function quoted(text: string | null): string {
  return text === null ? '(none)' : `"${text.slice(0, 200)}"`;
}
