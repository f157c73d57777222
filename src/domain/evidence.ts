/** One observed value: small, printable and never a secret. */
export type Fact = string | number | boolean | null | readonly string[];

export type Facts = Readonly<Record<string, Fact>>;

/** What one request to Okta showed. Never holds a body, a token or a key. */
export interface Evidence {
  /** Name of the org in the org registry. */
  readonly org: string;
  /** Okta's operation id, for example `getApplication`. */
  readonly operation: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** When the answer arrived (ISO 8601, UTC). */
  readonly at: string;
  /** Okta's `X-Okta-Request-Id`, with which Okta's support finds the request. */
  readonly requestId: string | null;
  readonly facts: Facts;
}

/** How much evidence of one step is kept from its beginning and from its end. */
const keptAtEachEnd = 25;

/** Evidence as it is kept: all of it, or its beginning and end where a step has made hundreds of requests. */
export function keptEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length <= 2 * keptAtEachEnd) return [...evidence];
  return [...evidence.slice(0, keptAtEachEnd), ...evidence.slice(-keptAtEachEnd)];
}
