import { OperationAcceptedSchema, OperationStatusSchema } from '../api/schemas/operation.js';
import type { OperationAccepted, OperationStatus } from '../domain/federation.js';
import { type ApiAccess, apiPath, askApiFor, json } from './api-request.js';

/** The API's routes of roll-overs, pauses and the end of one federation. All throw `ApiProblem` unless they succeed. */
export class OperationsClient {
  constructor(
    private readonly access: ApiAccess,
    private readonly id: string,
  ) {}

  rotate(body: Record<string, unknown>): Promise<OperationAccepted> {
    return this.begin('POST', this.path('rotations'), body);
  }

  rotation(): Promise<OperationStatus> {
    return askApiFor(this.access, { method: 'GET', path: this.path('rotations') }, OperationStatusSchema);
  }

  orderRotation(order: 'go-on' | 'revoke', why: string): Promise<OperationStatus> {
    const request = { method: 'POST', path: this.path('rotations', order), body: json({ why }) } as const;
    return askApiFor(this.access, request, OperationStatusSchema);
  }

  pause(kind: 'pause' | 'resume', why: string): Promise<OperationAccepted> {
    return this.begin('POST', this.path(kind), { why });
  }

  end(body: { readonly users: string; readonly why: string }): Promise<OperationAccepted> {
    return this.begin('DELETE', this.path(), body);
  }

  private begin(method: 'POST' | 'DELETE', path: string, body: Record<string, unknown>): Promise<OperationAccepted> {
    return askApiFor(this.access, { method, path, body: json(body) }, OperationAcceptedSchema);
  }

  private path(...parts: readonly string[]): string {
    return apiPath('federations', this.id, ...parts);
  }
}
