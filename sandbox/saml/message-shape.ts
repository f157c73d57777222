import type { Document, Element } from '@xmldom/xmldom';
import {
  assertionNamespace,
  envelopedSignature,
  exclusiveCanonicalization,
  protocolNamespace,
  type SignatureAlgorithm,
  signatureAlgorithms,
  signatureNamespace,
} from './names.js';
import { invalidMessage, refusalReasons, SignOnRefused } from './refusal.js';
import { allElements, child, childElements, children } from './xml.js';

/** A Response whose parts stand where SAML wants them; nothing in it is proven yet. */
export interface ResponseShape {
  readonly response: Element;
  readonly assertion: Element;
  readonly responseSigned: boolean;
  readonly assertionSigned: boolean;
}

/**
 * Accepts exactly one form: a Response with one Assertion as its child, each signed at most once by a signature that
 * is its own child and refers to it. Whatever wraps, copies or moves a signed element does not have this form.
 * @throws SignOnRefused
 */
export function responseShape(document: Document, minimum: SignatureAlgorithm): ResponseShape {
  const response = document.documentElement;
  if (response === null || response.localName !== 'Response' || response.namespaceURI !== protocolNamespace) {
    throw invalidMessage('the message is not a SAML Response');
  }
  const elements = allElements(response);
  refuseRepeatedIds(elements);
  if (elements.some((element) => element.localName === 'EncryptedAssertion')) {
    throw invalidMessage('the assertion is encrypted');
  }
  if (elements.filter((element) => element.localName === 'Response').length > 1) {
    throw invalidMessage('there is a Response within the Response');
  }
  const assertions = elements.filter((element) => element.localName === 'Assertion');
  const [assertion] = children(response, assertionNamespace, 'Assertion');
  if (assertions.length !== 1 || assertion === undefined) {
    throw invalidMessage(`the Response has ${assertions.length} assertions where one is expected as its child`);
  }
  for (const signature of elements.filter(isSignature)) {
    if (signature.parentNode !== response && signature.parentNode !== assertion) {
      throw invalidMessage('a signature stands where none belongs');
    }
  }
  return {
    response,
    assertion,
    responseSigned: isSigned(response, minimum),
    assertionSigned: isSigned(assertion, minimum),
  };
}

function isSigned(element: Element, minimum: SignatureAlgorithm): boolean {
  const [signature, ...more] = childElements(element).filter(isSignature);
  if (signature === undefined) return false;
  if (more.length > 0) throw invalidMessage('an element is signed more than once');
  const signedInfo = child(signature, signatureNamespace, 'SignedInfo');
  const references = allElements(signature).filter((found) => found.localName === 'Reference');
  const [reference] = references;
  if (signedInfo === null || reference?.parentNode !== signedInfo || references.length !== 1) {
    throw invalidMessage('a signature does not have exactly one reference');
  }
  const id = element.getAttribute('ID');
  if (id === null || id === '' || reference.getAttribute('URI') !== `#${id}`) {
    throw invalidMessage('a signature refers to another element than the one it stands in');
  }
  if (allElements(signature).some((found) => found.localName === 'Object')) {
    throw invalidMessage('a signature carries an object');
  }
  const transforms = allElements(reference).filter((found) => found.localName === 'Transform');
  const canonicalization = child(signedInfo, signatureNamespace, 'CanonicalizationMethod');
  if (
    canonicalization?.getAttribute('Algorithm') !== exclusiveCanonicalization ||
    transforms.map((transform) => transform.getAttribute('Algorithm')).join() !==
      [envelopedSignature, exclusiveCanonicalization].join()
  ) {
    throw new SignOnRefused(refusalReasons.signature, 'the signature uses a transform that is not supported');
  }
  refuseWeakAlgorithm(signedInfo, reference, minimum);
  return true;
}

function refuseWeakAlgorithm(signedInfo: Element, reference: Element, minimum: SignatureAlgorithm): void {
  const accepted = minimum === 'SHA-1' ? (['SHA-1', 'SHA-256'] as const) : (['SHA-256'] as const);
  const used = {
    signature: child(signedInfo, signatureNamespace, 'SignatureMethod')?.getAttribute('Algorithm') ?? '',
    digest: child(reference, signatureNamespace, 'DigestMethod')?.getAttribute('Algorithm') ?? '',
  };
  for (const use of ['signature', 'digest'] as const) {
    if (!accepted.some((name) => signatureAlgorithms[name][use] === used[use])) {
      throw invalidMessage(`the ${use} algorithm ${used[use] || '(none)'} is not accepted: ${minimum} is demanded`);
    }
  }
}

function refuseRepeatedIds(elements: readonly Element[]): void {
  const seen = new Set<string>();
  for (const element of elements) {
    for (const name of ['ID', 'Id', 'id']) {
      const id = element.getAttribute(name);
      if (id === null) continue;
      if (seen.has(id)) throw invalidMessage('two elements have the same ID');
      seen.add(id);
    }
  }
}

function isSignature(element: Element): boolean {
  return element.localName === 'Signature';
}
