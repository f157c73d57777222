import { describe, expect, it } from 'vitest';
import { ExpressionInvalid, evaluate, evaluateTemplate } from '../../../sandbox/core/expression.js';

const scope = { user: { login: 'ann@one.example', firstName: 'Ann', lastName: null, tags: ['a', 'b'] } };

describe('expressions', () => {
  it.each([
    ['user.login', 'ann@one.example'],
    ['user.lastName', null],
    ['user.nothing', null],
    ['user.constructor', null],
    ['user.tags', ['a', 'b']],
    ['"x" + user.firstName + \'y\'', 'xAnny'],
    ['String.substringBefore(user.login, "@")', 'ann'],
    ['substringAfter(user.login, "@")', 'one.example'],
    ['String.toUpperCase(user.lastName)', null],
    ['user.firstName == "Ann" ? "yes" : "no"', 'yes'],
    ['user.lastName != null ? user.lastName : String.append(user.firstName, "!")', 'Ann!'],
  ])('%s', (expression, value) => {
    expect(evaluate(expression, scope)).toEqual(value);
  });

  it.each(['', 'user', 'other.login', 'user.login +', 'user.login user.login', 'constructor("x")', 'user.login ; 1'])(
    'refuses %j',
    (expression) => {
      expect(() => evaluate(expression, scope)).toThrow(ExpressionInvalid);
    },
  );

  it('fills a template', () => {
    expect(evaluateTemplate('${user.firstName}-${user.lastName}', scope)).toBe('Ann-');
    expect(evaluateTemplate('user.firstName', scope)).toBe('Ann');
  });
});
