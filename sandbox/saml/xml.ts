import { DOMParser, type Document, type Element } from '@xmldom/xmldom';

/**
 * Text made safe for an XML or HTML text node or a quoted attribute; characters that XML does not have, halves of
 * surrogate pairs and U+FFFD, which stands for what could not be read, are left out.
 * U+0085, U+2028 and U+2029 become line feeds: some XML parsers read them as such, and a signature must not depend on the parser.
 */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('\r', '&#13;')
    .replaceAll(/[\n\u0085\u2028\u2029]/g, '&#10;')
    .replaceAll('\t', '&#9;')
    .replaceAll(/[^\u0020-\uD7FF\uE000-\uFFFC\u{10000}-\u{10FFFF}]/gu, '');
}

/** No SAML message needs more; nesting without end would occupy the parser for seconds. */
const maximumTags = 20_000;

/** Why a text is not taken for XML. */
export class XmlRefused extends Error {}

/**
 * Parses XML that a stranger sent. Markup declarations are refused before the parser sees them: SAML messages need
 * neither DTDs nor entities, and a comment could split a name in two.
 * @throws XmlRefused
 */
export function parseXml(text: string): Document {
  const body = text.replace(/^\uFEFF?\s*<\?xml [^<>]*\?>/, '');
  if (body.includes('<!DOCTYPE') || body.includes('<!ENTITY')) throw new XmlRefused('it declares a DTD or entities');
  if (body.includes('<!--')) throw new XmlRefused('it contains a comment');
  if (body.includes('<!')) throw new XmlRefused('it contains a markup declaration or CDATA');
  if (body.includes('<?')) throw new XmlRefused('it contains a processing instruction');
  if (body.split('<').length > maximumTags) throw new XmlRefused(`it has more than ${maximumTags} tags`);
  try {
    return new DOMParser({
      onError: (_level, message) => {
        throw new XmlRefused(message);
      },
    }).parseFromString(text, 'text/xml');
  } catch {
    throw new XmlRefused('it is not well-formed XML');
  }
}

/** The child elements of an element with that name, in document order. */
export function children(parent: Element, namespace: string, localName: string): Element[] {
  return childElements(parent).filter((child) => child.namespaceURI === namespace && child.localName === localName);
}

/** The first such child element, or null. */
export function child(parent: Element | null, namespace: string, localName: string): Element | null {
  return parent === null ? null : (children(parent, namespace, localName)[0] ?? null);
}

/** All child elements in document order. */
export function childElements(parent: Element): Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (isElement(node)) found.push(node);
  }
  return found;
}

/** The element and everything below it, in document order. */
export function allElements(root: Element): Element[] {
  const found: Element[] = [];
  const waiting = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    found.push(element);
    waiting.push(...childElements(element).reverse());
  }
  return found;
}

/** Text of an element without the white space around it; the empty string where the element is missing. */
export function textOf(element: Element | null): string {
  return element?.textContent?.trim() ?? '';
}

function isElement(node: { nodeType: number }): node is Element {
  return node.nodeType === 1;
}
