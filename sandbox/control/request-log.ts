import type { FaultKind, RequestOrigin } from './faults.js';

/** One request to an org, without any secret. */
export interface LoggedRequest {
  readonly id: number;
  /** Time by the machine's clock, ISO 8601. */
  readonly time: string;
  readonly org: string;
  /** Okta's operation id, null for an address that the sandbox does not know. */
  readonly operation: string | null;
  readonly method: string;
  /** Path with query; values that may be secret are masked. */
  readonly path: string;
  /** Null as long as the request is running, and where the connection was cut. */
  status: number | null;
  /** Who asked, for example `token 00T…` or `client 0oa…`; null for a request without valid credentials. */
  principal: string | null;
  readonly from: RequestOrigin;
  /** Whether the operation changes something in the org. */
  readonly write: boolean;
  /** The kind of fault that hit it. */
  fault: FaultKind | null;
  durationMs: number | null;
}

export interface RequestFilter {
  readonly org?: string | undefined;
  readonly operation?: string | undefined;
  readonly from?: RequestOrigin | undefined;
  readonly write?: boolean | undefined;
}

const secretParameters = /([?&](?:[^=&]*token|password|client_assertion|SAMLResponse|SAMLRequest)=)[^&]*/gi;

/** The requests to all orgs, oldest first; keeps the newest 100,000. */
export class RequestLog {
  static readonly capacity = 100_000;
  #entries: LoggedRequest[] = [];
  #next = 1;

  /** Adds a request that has begun; the caller fills in how it ended. */
  begin(request: Pick<LoggedRequest, 'org' | 'operation' | 'method' | 'path' | 'from' | 'write'>): LoggedRequest {
    const entry: LoggedRequest = {
      id: this.#next,
      time: new Date().toISOString(),
      ...request,
      path: request.path.replace(secretParameters, '$1***'),
      status: null,
      principal: null,
      fault: null,
      durationMs: null,
    };
    this.#next += 1;
    this.#entries.push(entry);
    if (this.#entries.length >= RequestLog.capacity * 1.1) this.#entries = this.#entries.slice(-RequestLog.capacity);
    return entry;
  }

  list(filter: RequestFilter = {}): readonly LoggedRequest[] {
    return this.#entries.filter(
      (entry) =>
        (filter.org === undefined || entry.org === filter.org) &&
        (filter.operation === undefined || entry.operation === filter.operation) &&
        (filter.from === undefined || entry.from === filter.from) &&
        (filter.write === undefined || entry.write === filter.write),
    );
  }

  clear(): void {
    this.#entries = [];
  }
}
