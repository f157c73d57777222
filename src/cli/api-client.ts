import type { FederationAnswer } from '../api/schemas/federation.js';
import { FederationAnswerSchema } from '../api/schemas/federation.js';
import { GateSchema } from '../api/schemas/gate.js';
import { OperationAcceptedSchema } from '../api/schemas/operation.js';
import type { OperationAccepted } from '../domain/federation.js';
import type { Gate } from '../domain/gate.js';
import { type ApiAccess, apiPath, askApiFor, json } from './api-request.js';

/** How a person answers a gate. */
export interface GateReply {
  readonly choice: string;
  readonly why: string;
}

/** YAML includes JSON. */
function yaml(specification: string) {
  return { type: 'application/yaml', content: specification };
}

/**
 * The API's routes of federations as functions. All throw `ApiProblem` for an answer that is not a success.
 */
export class ApiClient {
  constructor(private readonly access: ApiAccess) {}

  /** `specification` is YAML or JSON as a person wrote it. */
  apply(id: string, specification: string): Promise<OperationAccepted> {
    const request = { method: 'PUT', path: apiPath('federations', id), body: yaml(specification) } as const;
    return askApiFor(this.access, request, OperationAcceptedSchema);
  }

  plan(id: string, specification: string): Promise<OperationAccepted> {
    const request = { method: 'POST', path: apiPath('federations', id, 'plan'), body: yaml(specification) } as const;
    return askApiFor(this.access, request, OperationAcceptedSchema);
  }

  get(id: string): Promise<FederationAnswer> {
    return askApiFor(this.access, { method: 'GET', path: apiPath('federations', id) }, FederationAnswerSchema);
  }

  answerGate(id: string, gate: string, reply: GateReply): Promise<Gate> {
    const path = apiPath('federations', id, 'gates', gate);
    return askApiFor(this.access, { method: 'POST', path, body: json(reply) }, GateSchema);
  }
}
