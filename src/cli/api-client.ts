import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { FederationAnswer } from '../api/schemas/federation.js';
import { FederationAnswerSchema } from '../api/schemas/federation.js';
import { GateSchema } from '../api/schemas/gate.js';
import { OperationAcceptedSchema } from '../api/schemas/operation.js';
import { ProblemDocument } from '../api/schemas/problem.js';
import type { OperationAccepted } from '../domain/federation.js';
import type { Gate } from '../domain/gate.js';

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

/**
 * The API's routes as functions. All throw `ApiProblem` for an answer that is not a success.
 */
export class ApiClient {
  constructor(private readonly access: ApiAccess) {}

  /** `specification` is YAML or JSON as a person wrote it. */
  apply(id: string, specification: string): Promise<OperationAccepted> {
    return this.send('PUT', `/v1/federations/${encodeURIComponent(id)}`, OperationAcceptedSchema, specification);
  }

  plan(id: string, specification: string): Promise<OperationAccepted> {
    return this.send('POST', `/v1/federations/${encodeURIComponent(id)}/plan`, OperationAcceptedSchema, specification);
  }

  get(id: string): Promise<FederationAnswer> {
    return this.send('GET', `/v1/federations/${encodeURIComponent(id)}`, FederationAnswerSchema);
  }

  answerGate(id: string, gate: string, answer: { choice: string; why: string }): Promise<Gate> {
    const path = `/v1/federations/${encodeURIComponent(id)}/gates/${encodeURIComponent(gate)}`;
    return this.send('POST', path, GateSchema, JSON.stringify(answer));
  }

  private async send<Answer extends z.ZodType>(
    method: string,
    path: string,
    schema: Answer,
    body?: string,
  ): Promise<z.output<Answer>> {
    const response = await fetch(new URL(path, this.access.url), {
      method,
      headers: {
        authorization: `Bearer ${this.access.token}`,
        // YAML includes JSON.
        ...(body === undefined ? {} : { 'content-type': 'application/yaml', 'idempotency-key': randomUUID() }),
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (response.ok) return schema.parse(JSON.parse(text));
    const problem = z.string().transform(parseJson).pipe(ProblemDocument).safeParse(text);
    if (problem.success) throw new ApiProblem(problem.data);
    throw new Error(`${method} ${path} answered ${response.status} with something that is not of this API`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
