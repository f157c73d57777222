import type { FastifyReply } from 'fastify';

/** An error of an OAuth 2.0 endpoint: body `{error, error_description}`. */
export class OAuthError extends Error {
  readonly status: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, error: string, description: string, headers: Readonly<Record<string, string>> = {}) {
    super(description);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }

  /** The body of the answer. */
  get body(): { error: string; error_description: string } {
    return { error: this.error, error_description: this.message };
  }
}

/** 401: the client is not who it says it is. */
export function invalidClient(description: string): OAuthError {
  return new OAuthError(401, 'invalid_client', description);
}

/** 400: a parameter is missing or wrong. */
export function invalidRequest(description: string): OAuthError {
  return new OAuthError(400, 'invalid_request', description);
}

/** Writes an error of OAuth 2.0. */
export function answerOAuthError(reply: FastifyReply, error: OAuthError): FastifyReply {
  return reply.status(error.status).headers(error.headers).type('application/json').send(error.body);
}
