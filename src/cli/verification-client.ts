import { type DriftAnswer, DriftSchema } from '../api/schemas/drift.js';
import { LiveSchema } from '../api/schemas/live.js';
import { OperationAcceptedSchema } from '../api/schemas/operation.js';
import { type VerificationAnswer, VerificationSchema } from '../api/schemas/verification.js';
import type { Live, OperationAccepted } from '../domain/federation.js';
import { type ApiAccess, apiPath, askApiFor, json } from './api-request.js';

/** The API's routes of verification and drift of one federation. All throw `ApiProblem` unless they succeed. */
export class VerificationClient {
  constructor(
    private readonly access: ApiAccess,
    private readonly id: string,
  ) {}

  begin(kind: 'verification' | 'drift', body: Record<string, unknown>): Promise<OperationAccepted> {
    const request = { method: 'POST', path: this.path(kind), body: json(body) } as const;
    return askApiFor(this.access, request, OperationAcceptedSchema);
  }

  verification(): Promise<VerificationAnswer> {
    return askApiFor(this.access, { method: 'GET', path: this.path('verification') }, VerificationSchema);
  }

  drift(): Promise<DriftAnswer> {
    return askApiFor(this.access, { method: 'GET', path: this.path('drift') }, DriftSchema);
  }

  goLive(why: string): Promise<Live> {
    const request = { method: 'POST', path: this.path('live'), body: json({ why }) } as const;
    return askApiFor(this.access, request, LiveSchema);
  }

  private path(part: string): string {
    return apiPath('federations', this.id, part);
  }
}
