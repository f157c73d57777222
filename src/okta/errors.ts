import { z } from 'zod';
import { type ErrorCode, Org2OrgError } from '../domain/errors.js';
import { retryDelay } from './rate-limit.js';
import { scopeOf } from './scopes.js';
import { scrub } from './scrub.js';

/** Which request an error belongs to. */
export interface Request {
  readonly org: string;
  readonly operation: string;
}

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Okta answered, but not with what was asked for. Texts of Okta are scrubbed of secrets and addresses. */
export class OktaError extends Org2OrgError {
  readonly operation: string;
  /** HTTP status of the answer. */
  readonly status: number;
  /** Okta's error code (`E0000007`) or OAuth's (`invalid_client`); null if the answer has none. */
  readonly errorCode: string | null;
  readonly errorSummary: string;
  readonly causes: readonly string[];
  readonly requestId: string | null;

  constructor(code: ErrorCode, request: Request, answer: Answer, options: OktaErrorOptions = {}) {
    const { body, retryAfterMs, detail = '' } = options;
    const { org, operation } = request;
    const values = { org, operation, detail, status: answer.status, scope: scopeOf(operation) };
    super(code, values, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.name = 'OktaError';
    this.operation = operation;
    this.status = answer.status;
    this.requestId = answer.headers.get('x-okta-request-id');
    this.errorCode = body?.errorCode ?? null;
    this.errorSummary = body?.errorSummary ?? '';
    this.causes = body?.causes ?? [];
  }
}

interface OktaErrorOptions {
  readonly body?: ErrorBody | null;
  readonly retryAfterMs?: number;
  readonly detail?: string;
}

interface ErrorBody {
  readonly errorCode: string;
  readonly errorSummary: string;
  readonly causes: readonly string[];
}

const ManagementError = z
  .object({
    errorCode: z.string(),
    errorSummary: z.string().nullish(),
    errorCauses: z
      .array(z.object({ errorSummary: z.string() }))
      .nullish()
      .catch(null),
  })
  .transform(
    (body): ErrorBody => ({
      errorCode: body.errorCode,
      errorSummary: scrub(body.errorSummary ?? ''),
      causes: (body.errorCauses ?? []).map((cause) => scrub(cause.errorSummary)),
    }),
  );

const OAuthError = z
  .object({ error: z.string(), error_description: z.string().nullish() })
  .transform(
    (body): ErrorBody => ({ errorCode: body.error, errorSummary: scrub(body.error_description ?? ''), causes: [] }),
  );

function errorBody(text: string): ErrorBody | null {
  try {
    const body = z.union([ManagementError, OAuthError]).safeParse(JSON.parse(text));
    return body.success ? body.data : null;
  } catch {
    return null;
  }
}

function describe(body: ErrorBody): string {
  const causes = body.causes.length > 0 ? ` (${body.causes.join('; ')})` : '';
  return `${body.errorCode} ${body.errorSummary}${causes}`.trim();
}

/** The error of an answer that is not a success. */
export function errorOfAnswer(request: Request, answer: Answer): OktaError {
  const body = errorBody(answer.text);
  if (answer.status === 429) {
    const retryAfterMs = retryDelay(answer.headers, Date.now());
    return new OktaError('O2O_OKTA_RATE_LIMITED', request, answer, { body, retryAfterMs });
  }
  if (body?.errorCode === 'E0000010') return new OktaError('O2O_OKTA_READ_ONLY', request, answer, { body });
  if (answer.status >= 500) return new OktaError('O2O_OKTA_SERVER_ERROR', request, answer, { body });
  if (body === null) return unreadable(request, answer, `status ${answer.status} without an error of Okta`);
  const code = codeOf(answer.status, body.errorCode);
  const detail = code === 'O2O_OKTA_PERMISSION_MISSING' ? permissionDetail(body, answer) : describe(body);
  return new OktaError(code, request, answer, { body, detail });
}

function codeOf(status: number, errorCode: string): ErrorCode {
  if (status === 401 && errorCode !== 'E0000015') return 'O2O_OKTA_CREDENTIALS_INVALID';
  if (status === 403 && errorCode === 'E0000006') return 'O2O_OKTA_PERMISSION_MISSING';
  if (status === 404) return 'O2O_OKTA_NOT_FOUND';
  if (status === 409) return 'O2O_OKTA_CONFLICT';
  return 'O2O_OKTA_REFUSED';
}

function permissionDetail(body: ErrorBody, answer: Answer): string {
  const challenge = answer.headers.get('www-authenticate') ?? '';
  const missing = challenge.includes('insufficient_scope') ? 'the access token lacks the scope' : 'scope or role';
  return `${describe(body)}: ${missing}`;
}

/** The error of an answer that cannot be understood: not JSON, not of the shape that Okta documents, cut off. */
export function unreadable(request: Request, answer: Answer, detail: string): OktaError {
  return new OktaError('O2O_OKTA_ANSWER_INVALID', request, answer, { detail });
}

/** The error of the token endpoint, which the SDK would swallow. */
export function errorOfTokenAnswer(request: Request, answer: Answer, scopes: readonly string[]): OktaError {
  const body = errorBody(answer.text);
  if (answer.status === 429 || answer.status >= 500 || body === null) return errorOfAnswer(request, answer);
  const aboutScopes = body.errorCode === 'invalid_scope' || body.errorCode === 'consent_required';
  const detail = describe(body) + (aboutScopes ? `; asked for ${scopes.join(' ')}` : '');
  return new OktaError('O2O_OKTA_CREDENTIALS_INVALID', request, answer, { body, detail });
}

const networkFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  UND_ERR_SOCKET: 'the connection ended before the answer did',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection ended before the answer did',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'the answer is too large',
  ERR_BUFFER_TOO_LARGE: 'the answer is too large',
  Z_BUF_ERROR: 'the connection ended before the answer did',
  Z_DATA_ERROR: 'the answer is damaged',
  UND_ERR_ABORTED: 'the proxy refused the connection',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  ETIMEDOUT: 'the connection timed out',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name cannot be looked up now',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
};

const Coded = z.object({ code: z.string() });
const FetchFailure = z.union([z.object({ cause: Coded }).transform(({ cause }) => cause), Coded]);

/** The error of a request that brought no whole answer. The original is not kept: its text holds the address. */
export function errorOfFailure(request: Request, failure: unknown): Org2OrgError {
  const code = FetchFailure.safeParse(failure).data?.code ?? 'network error';
  const detail = networkFailures[code] ?? (/CERT|SSL|TLS/.test(code) ? `its certificate is refused (${code})` : code);
  return new Org2OrgError('O2O_OKTA_UNREACHABLE', { org: request.org, detail });
}

/**
 * The error of a request that took longer than its time limit. A writing one may still be carried out: whoever tries
 * again waits as long as the limit first.
 */
export function errorOfTimeLimit({ org, operation }: Request, waitMs?: number): Org2OrgError {
  return new Org2OrgError('O2O_OKTA_TIMEOUT', { org, operation }, waitMs === undefined ? {} : { retryAfterMs: waitMs });
}
