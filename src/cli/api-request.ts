import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ProblemDocument } from '../api/schemas/problem.js';

/** An answer of the API that is not a success. */
export class ApiProblem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail);
    this.name = 'ApiProblem';
  }
}

/** Where the API is and who asks. */
export interface ApiAccess {
  readonly url: string;
  readonly token: string;
}

/** One request to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: { readonly type: string; readonly content: string | Uint8Array<ArrayBuffer> };
  /** How long the API may wait for the end of what was asked, in seconds. */
  readonly waitSeconds?: number;
}

const answersWithinMs = 30_000;

/** The path of a route: each part of it encoded. */
export function apiPath(...parts: readonly (string | number)[]): string {
  return `/v1/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

/** A body of JSON. */
export function json(content: unknown): NonNullable<ApiRequest['body']> {
  return { type: 'application/json', content: JSON.stringify(content) };
}

/**
 * Sends a request; commands get an `Idempotency-Key` of their own.
 *
 * @returns the text of the answer.
 * @throws ApiProblem for an answer that is not a success.
 */
export async function askApi(access: ApiAccess, request: ApiRequest): Promise<string> {
  const { method, path, body, waitSeconds = 0 } = request;
  const response = await fetch(new URL(path, access.url), {
    method,
    headers: {
      authorization: `Bearer ${access.token}`,
      ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
      ...(body === undefined ? {} : { 'content-type': body.type }),
      ...(waitSeconds === 0 ? {} : { prefer: `wait=${waitSeconds}` }),
    },
    ...(body === undefined ? {} : { body: body.content }),
    signal: AbortSignal.timeout(waitSeconds * 1000 + answersWithinMs),
  });
  const text = await response.text();
  if (response.ok) return text;
  const problem = z.string().transform(parseJson).pipe(ProblemDocument).safeParse(text);
  if (problem.success) throw new ApiProblem(problem.data);
  throw new Error(`${method} ${path} answered ${response.status} with something that is not of this API`);
}

/** As `askApi`, for an answer of JSON. @throws ZodError for an answer that is not as expected */
export async function askApiFor<Answer extends z.ZodType>(
  access: ApiAccess,
  request: ApiRequest,
  answer: Answer,
): Promise<z.output<Answer>> {
  return answer.parse(JSON.parse(await askApi(access, request)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
