import type { z } from 'zod';
import type { Evidence, Facts } from '../domain/evidence.js';
import type { AnswerHeaders } from './answer-headers.js';

/** One call to Okta's Management API. */
export interface OktaCall<Answer extends z.ZodType> {
  /** Okta's operation id; names the call in evidence, errors and metrics. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path from the org's root, ids and logins already URL-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** True where Okta asks for no credentials: the call is sent without any. */
  readonly anonymous?: boolean;
  /** `Accept` header; JSON where absent. Any other type hands the text of the answer to `answer`. */
  readonly accept?: string;
  /** Schema of a successful answer. Unknown fields are kept. */
  readonly answer: Answer;
  /** The few facts that matter for the evidence; never a secret. */
  readonly facts?: (answer: z.output<Answer>) => Facts;
}

/** One page of a list. */
export interface OktaPage<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins: the query parameter `after` of the call that fetches it. Null on the last page. */
  readonly after: string | null;
}

/**
 * The requests of one activity to one org: signed in, limited in time, cancellable, every answer parsed and every
 * exchange kept as evidence.
 */
export interface OktaSession {
  /** Name of the org in the registry. */
  readonly org: string;
  readonly url: string;
  /** One entry per answer so far, in order. */
  readonly evidence: readonly Evidence[];
  /** What the headers of each success so far showed, in order. */
  readonly headers: readonly AnswerHeaders[];
  /**
   * @throws Org2OrgError with an `O2O_OKTA_…` code; a retryable one carries the delay that Okta's headers ask for.
   */
  call<Answer extends z.ZodType>(call: OktaCall<Answer>): Promise<z.output<Answer>>;
  /** Like `call`, but Okta's own answer that the object does not exist (404, E0000007) is null instead of an error. */
  find<Answer extends z.ZodType>(call: OktaCall<Answer>): Promise<z.output<Answer> | null>;
  /** All items of a list, following `Link: rel="next"` until it ends. `answer` is the schema of one page. */
  list<Item>(call: OktaCall<z.ZodType<Item[]>>): Promise<Item[]>;
  /** One page of a list: the first, or the one that the call's query parameter `after` names. */
  page<Item>(call: OktaCall<z.ZodType<Item[]>>): Promise<OktaPage<Item>>;
}
