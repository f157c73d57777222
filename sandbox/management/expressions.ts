import {
  ExpressionInvalid,
  type ExpressionScope,
  evaluate as evaluateStrictly,
  evaluateTemplate,
} from '../core/expression.js';

/** Evaluates an expression of a mapping. One that cannot be read is null: Okta skips such an attribute. */
export function evaluate(expression: string, scope: ExpressionScope): unknown {
  return nullIfInvalid(() => evaluateStrictly(expression, scope));
}

/** Fills in a user name template. Empty if it cannot be read or names nothing. */
export function fillTemplate(template: string, scope: ExpressionScope): string {
  const value = nullIfInvalid(() => evaluateTemplate(template, scope));
  return value === null || value === undefined ? '' : String(value);
}

function nullIfInvalid(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExpressionInvalid) return null;
    throw error;
  }
}
