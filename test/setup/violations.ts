import { afterAll, afterEach, expect } from 'vitest';

const found = new Set<string>();

/** Notes that something broke a rule which holds in all tests; the test that is running fails. */
export function report(violation: string): void {
  found.add(violation);
}

function failOnViolations(): void {
  const violations = [...found];
  found.clear();
  expect(violations, 'requests and answers that contradict what Okta describes').toEqual([]);
}

afterEach(failOnViolations);
afterAll(failOnViolations);
