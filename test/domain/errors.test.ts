import { expect, it } from 'vitest';
import { catalogue, isErrorCode, problem } from '../../src/domain/errors.js';

it.each(Object.entries(catalogue))('%s says what happened and what to do', (code, entry) => {
  expect(code).toMatch(/^O2O_[A-Z0-9_]+$/);
  expect(entry.message.length).toBeGreaterThan(10);
  expect(entry.fix.length).toBeGreaterThan(10);
  expect(entry.status).toBeGreaterThanOrEqual(400);
});

it('fills message and fix with the values of the case', () => {
  const described = problem('O2O_ORG_UNKNOWN', { org: 'acme' });
  expect(described).toMatchObject({
    code: 'O2O_ORG_UNKNOWN',
    message: 'The org acme is not in the org registry.',
    org: 'acme',
    retryable: false,
  });
});

it('knows its own codes only', () => {
  expect(isErrorCode('O2O_INTERNAL')).toBe(true);
  expect(isErrorCode('toString')).toBe(false);
});
