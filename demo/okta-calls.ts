import type { LoggedRequest } from '../sandbox/control/request-log.js';
import type { Sandbox } from '../sandbox/sandbox.js';

/** What the product asked of one org. */
export interface OktaCalls {
  readonly reads: number;
  readonly writes: number;
  /** Calls by Okta's operation id. */
  readonly operations: Readonly<Record<string, number>>;
}

/** The product's calls to both orgs by the sandbox's own record, and none that the orgs send each other. */
export function oktaCalls(sandbox: Sandbox, names: { idp: string; sp: string }): Record<string, OktaCalls> {
  return { [names.idp]: count(sandbox.requestsTo('idp')), [names.sp]: count(sandbox.requestsTo('sp')) };
}

function count(requests: readonly LoggedRequest[]): OktaCalls {
  const operations: Record<string, number> = {};
  for (const { operation } of requests) {
    const name = operation ?? 'pages of the sign-on';
    operations[name] = (operations[name] ?? 0) + 1;
  }
  const writes = requests.filter((request) => request.write).length;
  return { reads: requests.length - writes, writes, operations };
}

export function writesIn(calls: Readonly<Record<string, OktaCalls>>): number {
  return Object.values(calls).reduce((sum, { writes }) => sum + writes, 0);
}
