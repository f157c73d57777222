import { fewestSetupCalls } from './fewest-setup-calls.js';

/** One request to an org, as the sandbox's log has it. */
export interface MadeCall {
  readonly org: string;
  readonly operation: string | null;
  readonly path: string;
  readonly write: boolean;
}

/** One call that a piece of work cannot do without. */
export interface CallOf {
  readonly org: string;
  readonly operation: string;
}

/** One operation in one org: how often a setup called it, and what it could not do without. */
export interface OperationCalls {
  readonly org: string;
  readonly operation: string;
  readonly actual: number;
  readonly fewest: number;
  readonly write: boolean;
}

/** Calls of the product to Okta's API; what the test user's browser does is not among them. */
function productCalls(requests: readonly MadeCall[]): readonly MadeCall[] {
  return requests.filter(({ operation, path }) => operation !== null && !path.startsWith('/api/v1/authn'));
}

/** Compares the requests of a fresh setup with the fewest possible. */
export function compareWithFewest(requests: readonly MadeCall[], users: number): readonly OperationCalls[] {
  return compareCalls(requests, fewestSetupCalls(users));
}

/** Compares requests with those that were needed, operation by operation in the order of first use. */
export function compareCalls(requests: readonly MadeCall[], needed: readonly CallOf[]): readonly OperationCalls[] {
  const made = productCalls(requests);
  const keys = new Map(
    [...made, ...needed].map(({ org, operation }): [string, CallOf] => [
      `${org} ${operation}`,
      { org, operation: operation ?? '' },
    ]),
  );
  return [...keys.values()].map(({ org, operation }) => {
    const same = (call: { readonly org: string; readonly operation: string | null }) =>
      call.org === org && call.operation === operation;
    return {
      org,
      operation,
      actual: made.filter(same).length,
      fewest: needed.filter(same).length,
      write: made.some((request) => same(request) && request.write),
    };
  });
}

/** How many calls in all. */
export function total(calls: readonly OperationCalls[]): { readonly actual: number; readonly fewest: number } {
  return {
    actual: calls.reduce((sum, { actual }) => sum + actual, 0),
    fewest: calls.reduce((sum, { fewest }) => sum + fewest, 0),
  };
}
