/** What an expression can name: `user.login` is looked up as `scope.user.login`. */
export type ExpressionScope = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An expression that cannot be read. */
export class ExpressionInvalid extends Error {}

type Token = { readonly kind: 'text' | 'name' | 'sign' | 'number'; readonly value: string };

const tokenPattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([A-Za-z_][\w.]*)|(\d+)|(==|!=|[()+?:,]))/y;

/**
 * Evaluates an expression of Okta's expression language: properties, texts, `+`, `==`, `!=`, `a ? b : c` and the
 * `String` functions. A property that does not exist is null.
 * @throws ExpressionInvalid
 */
export function evaluate(expression: string, scope: ExpressionScope): unknown {
  const reader = new Reader(tokensOf(expression), scope);
  const value = reader.condition();
  reader.end();
  return value;
}

/**
 * Evaluates a template as app and identity provider objects hold it: `${source.login}`, `prefix-${source.email}`, or
 * a bare expression such as `idpuser.subjectNameId`.
 * @throws ExpressionInvalid
 */
export function evaluateTemplate(template: string, scope: ExpressionScope): unknown {
  if (!template.includes('${')) return evaluate(template, scope);
  return template.replaceAll(/\$\{([^}]*)\}/g, (_whole, expression: string) => asText(evaluate(expression, scope)));
}

const functions: Readonly<Record<string, (...values: string[]) => unknown>> = {
  append: (text = '', more = '') => text + more,
  len: (text = '') => text.length,
  removeSpaces: (text = '') => text.replaceAll(' ', ''),
  replace: (text = '', from = '', to = '') => text.replaceAll(from, () => to),
  replaceFirst: (text = '', from = '', to = '') => text.replace(from, () => to),
  stringContains: (text = '', part = '') => text.includes(part),
  startsWith: (text = '', part = '') => text.startsWith(part),
  substring: (text = '', from = '0', to = '') => text.slice(Number(from), to === '' ? undefined : Number(to)),
  substringAfter: (text = '', mark = '') => (text.includes(mark) ? text.slice(text.indexOf(mark) + mark.length) : ''),
  substringBefore: (text = '', mark = '') => (text.includes(mark) ? text.slice(0, text.indexOf(mark)) : text),
  toLowerCase: (text = '') => text.toLowerCase(),
  toUpperCase: (text = '') => text.toUpperCase(),
};

class Reader {
  readonly #tokens: readonly Token[];
  readonly #scope: ExpressionScope;
  #position = 0;

  constructor(tokens: readonly Token[], scope: ExpressionScope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  condition(): unknown {
    const value = this.#comparison();
    if (!this.#takes('?')) return value;
    const whenTrue = this.condition();
    this.#expect(':');
    const otherwise = this.condition();
    return value === true ? whenTrue : otherwise;
  }

  end(): void {
    if (this.#position < this.#tokens.length) throw new ExpressionInvalid('the expression goes on after its end');
  }

  #comparison(): unknown {
    const left = this.#sum();
    if (this.#takes('==')) return left === this.#sum();
    if (this.#takes('!=')) return left !== this.#sum();
    return left;
  }

  #sum(): unknown {
    let value = this.#operand();
    while (this.#takes('+')) value = asText(value) + asText(this.#operand());
    return value;
  }

  #operand(): unknown {
    const token = this.#tokens[this.#position];
    this.#position += 1;
    if (token?.kind === 'text') return token.value;
    if (token?.kind === 'number') return Number(token.value);
    if (token?.kind === 'name') return this.#takes('(') ? this.#call(token.value) : this.#property(token.value);
    if (token?.value === '(') {
      const value = this.condition();
      this.#expect(')');
      return value;
    }
    throw new ExpressionInvalid('the expression ends too early');
  }

  #call(name: string): unknown {
    const values: unknown[] = [];
    if (!this.#takes(')')) {
      do values.push(this.condition());
      while (this.#takes(','));
      this.#expect(')');
    }
    const own = name.replace(/^String\./, '');
    const called = Object.hasOwn(functions, own) ? functions[own] : undefined;
    if (called === undefined) throw new ExpressionInvalid(`there is no function ${name}`);
    return values[0] == null ? null : called(...values.map(asText));
  }

  #property(name: string): unknown {
    if (name === 'null') return null;
    if (name === 'true' || name === 'false') return name === 'true';
    const [head = '', ...path] = name.split('.');
    if (!Object.hasOwn(this.#scope, head) || path.length === 0) throw new ExpressionInvalid(`there is no ${name}`);
    let value: unknown = this.#scope[head];
    for (const part of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return null;
      value = Reflect.get(value, part);
    }
    return value ?? null;
  }

  #takes(sign: string): boolean {
    const token = this.#tokens[this.#position];
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    this.#position += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw new ExpressionInvalid(`${sign} is missing`);
  }
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const found = tokenPattern.exec(text);
    if (found === null) throw new ExpressionInvalid('the expression cannot be read');
    const [, double, single, name, number, sign] = found;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replaceAll(/\\(.)/g, '$1') });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else tokens.push({ kind: 'sign', value: sign ?? '' });
  }
  return tokens;
}

function asText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}
