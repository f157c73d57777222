import type { z } from 'zod';
import { GateSchema } from '../api/schemas/gate.js';
import {
  RolloutAcceptedSchema,
  type RolloutAnswer,
  RolloutAnswerSchema,
  type RolloutDocument,
  RolloutListSchema,
} from '../api/schemas/rollout.js';
import type { Gate } from '../domain/gate.js';
import type { GateReply } from './api-client.js';
import { type ApiAccess, apiPath, askApiFor, json } from './api-request.js';

type RolloutAccepted = z.output<typeof RolloutAcceptedSchema>;
type RolloutList = z.output<typeof RolloutListSchema>;

/** The API's routes of rollouts as functions. All throw `ApiProblem` for an answer that is not a success. */
export class RolloutsClient {
  constructor(
    private readonly access: ApiAccess,
    private readonly federation: string,
  ) {}

  start(body: z.input<typeof RolloutDocument>): Promise<RolloutAccepted> {
    return askApiFor(this.access, { method: 'POST', path: this.path(), body: json(body) }, RolloutAcceptedSchema);
  }

  /** The latest ones. */
  list(): Promise<RolloutList> {
    return askApiFor(this.access, { method: 'GET', path: this.path() }, RolloutListSchema);
  }

  get(group: string): Promise<RolloutAnswer> {
    return askApiFor(this.access, { method: 'GET', path: this.path(group) }, RolloutAnswerSchema);
  }

  cancel(group: string): Promise<RolloutAnswer> {
    return askApiFor(this.access, { method: 'POST', path: this.path(group, 'cancel') }, RolloutAnswerSchema);
  }

  answerGate(group: string, gate: string, reply: GateReply): Promise<Gate> {
    const path = this.path(group, 'gates', gate);
    return askApiFor(this.access, { method: 'POST', path, body: json(reply) }, GateSchema);
  }

  private path(...rest: readonly string[]): string {
    return apiPath('federations', this.federation, 'rollouts', ...rest);
  }
}
