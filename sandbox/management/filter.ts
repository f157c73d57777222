import { OktaError } from '../core/okta-error.js';

export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le' | 'pr';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter }
  | {
      readonly kind: 'compare';
      readonly attribute: string;
      readonly operator: Operator;
      readonly value: string | number | boolean | null;
    };

/** Which attributes and operators a list allows, and what it answers otherwise. */
export interface FilterRules {
  /** Operators that the attribute takes; undefined refuses the attribute. */
  readonly operators: (attribute: string) => readonly Operator[] | undefined;
  readonly refuse: (reason: string) => OktaError;
}

const allOperators: readonly Operator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'];
const token = /\s*(?:(\(|\))|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/y;

type Token = { readonly text: string; readonly kind: 'word' | 'string' | 'bracket' };

function tokens(text: string, refuse: (reason: string) => OktaError): Token[] {
  const found: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const match = token.exec(text);
    if (match === null)
      throw refuse(`Invalid filter '${text}': Expression starting at position ${token.lastIndex} is malformed.`);
    if (match[1] !== undefined) found.push({ text: match[1], kind: 'bracket' });
    else if (match[2] !== undefined) found.push({ text: match[2].replace(/\\(.)/g, '$1'), kind: 'string' });
    else found.push({ text: match[3] ?? '', kind: 'word' });
  }
  return found;
}

/**
 * Parses a filter in Okta's SCIM grammar: comparisons joined by `and`, `or`, `not` and brackets.
 *
 * @throws the error of the rules for bad grammar, an attribute or an operator that the list does not take.
 */
export function parseFilter(text: string, rules: FilterRules): Filter {
  const list = tokens(text, rules.refuse);
  let position = 0;
  const malformed = () => rules.refuse(`Invalid filter '${text}'.`);
  const isWord = (word: string) => list[position]?.kind === 'word' && list[position]?.text.toLowerCase() === word;

  function parseOr(): Filter {
    let left = parseAnd();
    while (isWord('or')) {
      position += 1;
      left = { kind: 'or', left, right: parseAnd() };
    }
    return left;
  }
  function parseAnd(): Filter {
    let left = parseUnit();
    while (isWord('and')) {
      position += 1;
      left = { kind: 'and', left, right: parseUnit() };
    }
    return left;
  }
  function parseUnit(): Filter {
    if (isWord('not')) {
      position += 1;
      return { kind: 'not', inner: parseUnit() };
    }
    if (list[position]?.text === '(' && list[position]?.kind === 'bracket') {
      position += 1;
      const inner = parseOr();
      if (list[position]?.text !== ')') throw malformed();
      position += 1;
      return inner;
    }
    return parseComparison();
  }
  function parseComparison(): Filter {
    const attribute = list[position];
    const operator = allOperators.find((known) => known === list[position + 1]?.text.toLowerCase());
    if (attribute?.kind !== 'word' || operator === undefined) throw malformed();
    const allowed = rules.operators(attribute.text);
    if (allowed === undefined)
      throw rules.refuse(`Invalid search criteria: attribute '${attribute.text}' is not supported.`);
    if (!allowed.includes(operator))
      throw rules.refuse(`The operator '${operator}' is not supported for '${attribute.text}'.`);
    position += 2;
    if (operator === 'pr') return { kind: 'compare', attribute: attribute.text, operator, value: null };
    const value = list[position];
    if (value === undefined || value.kind === 'bracket') throw malformed();
    position += 1;
    return { kind: 'compare', attribute: attribute.text, operator, value: literal(value) };
  }
  function literal(value: Token): string | number | boolean | null {
    if (value.kind === 'string') return value.text;
    if (value.text === 'true' || value.text === 'false') return value.text === 'true';
    if (value.text === 'null') return null;
    const number = Number(value.text);
    if (Number.isNaN(number)) throw malformed();
    return number;
  }

  const filter = parseOr();
  if (position !== list.length) throw malformed();
  return filter;
}

/** Whether an object, seen through `read`, fits the filter. A list fits if one of its entries does. */
export function matches(filter: Filter, read: (attribute: string) => unknown): boolean {
  if (filter.kind === 'not') return !matches(filter.inner, read);
  if (filter.kind !== 'compare') {
    const left = matches(filter.left, read);
    return filter.kind === 'and' ? left && matches(filter.right, read) : left || matches(filter.right, read);
  }
  const actual = read(filter.attribute);
  const entries = Array.isArray(actual) ? actual : [actual];
  if (filter.operator === 'ne') return !entries.some((entry) => compare(entry, 'eq', filter.value));
  return entries.some((entry) => compare(entry, filter.operator, filter.value));
}

function compare(actual: unknown, operator: Operator, expected: string | number | boolean | null): boolean {
  if (operator === 'pr') return actual !== undefined && actual !== null && actual !== '';
  if (actual === undefined || actual === null) return operator === 'eq' && expected === null;
  if (typeof actual === 'string' && typeof expected === 'string') {
    return compareText(actual.toLowerCase(), operator, expected.toLowerCase());
  }
  if (operator === 'eq') return actual === expected;
  if (typeof actual !== 'number' || typeof expected !== 'number') return false;
  return ordered(actual - expected, operator);
}

function compareText(actual: string, operator: Operator, expected: string): boolean {
  if (operator === 'eq') return actual === expected;
  if (operator === 'co') return actual.includes(expected);
  if (operator === 'sw') return actual.startsWith(expected);
  if (operator === 'ew') return actual.endsWith(expected);
  const actualTime = Date.parse(actual);
  const expectedTime = Date.parse(expected);
  if (!Number.isNaN(actualTime) && !Number.isNaN(expectedTime)) return ordered(actualTime - expectedTime, operator);
  return ordered(actual < expected ? -1 : actual > expected ? 1 : 0, operator);
}

function ordered(difference: number, operator: Operator): boolean {
  if (operator === 'gt') return difference > 0;
  if (operator === 'ge') return difference >= 0;
  if (operator === 'lt') return difference < 0;
  return operator === 'le' && difference <= 0;
}

/** Rules for lists with a fixed set of attributes. */
export function rulesFor(
  operators: Readonly<Record<string, readonly Operator[]>>,
  refuse: (reason: string) => OktaError = (reason) => new OktaError('E0000031', '', [reason]),
): FilterRules {
  return { operators: (attribute) => operators[attribute], refuse };
}
