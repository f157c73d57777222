import type { z } from 'zod';
import { UserDiagnosisSchema } from '../api/schemas/diagnosis.js';
import { GateSchema } from '../api/schemas/gate.js';
import {
  OffboardingProofSchema,
  type OnboardDocument,
  TransitionAcceptedSchema,
  type TransitionDocument,
  type TransitionReport,
  TransitionSchema,
  type UserAnswer,
  UserAnswerSchema,
} from '../api/schemas/user.js';
import type { Gate } from '../domain/gate.js';
import type { OffboardingProof } from '../domain/offboarding-proof.js';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import type { GateReply } from './api-client.js';
import { type ApiAccess, apiPath, askApiFor, json } from './api-request.js';

type TransitionAccepted = z.output<typeof TransitionAcceptedSchema>;

/** The API's routes of users as functions. All throw `ApiProblem` for an answer that is not a success. */
export class UsersClient {
  constructor(
    private readonly access: ApiAccess,
    private readonly federation: string,
  ) {}

  /** Waits up to `waitSeconds` for the end. */
  onboard(body: z.input<typeof OnboardDocument>, waitSeconds = 0): Promise<TransitionAccepted> {
    const path = apiPath('federations', this.federation, 'users');
    return askApiFor(this.access, { method: 'POST', path, body: json(body), waitSeconds }, TransitionAcceptedSchema);
  }

  /** Waits up to `waitSeconds` for the end. */
  transition(login: string, body: z.input<typeof TransitionDocument>, waitSeconds = 0): Promise<TransitionAccepted> {
    const path = this.path(login, 'transitions');
    return askApiFor(this.access, { method: 'POST', path, body: json(body), waitSeconds }, TransitionAcceptedSchema);
  }

  get(login: string): Promise<UserAnswer> {
    return askApiFor(this.access, { method: 'GET', path: this.path(login) }, UserAnswerSchema);
  }

  report(login: string, number: number): Promise<TransitionReport> {
    return askApiFor(this.access, { method: 'GET', path: this.path(login, 'transitions', number) }, TransitionSchema);
  }

  /** Moves a planned transition; `at` with its time zone. */
  move(login: string, number: number, at: string): Promise<TransitionReport> {
    const path = this.path(login, 'transitions', number);
    return askApiFor(this.access, { method: 'PATCH', path, body: json({ at }) }, TransitionSchema);
  }

  cancel(login: string, number: number): Promise<TransitionReport> {
    const path = this.path(login, 'transitions', number);
    return askApiFor(this.access, { method: 'DELETE', path }, TransitionSchema);
  }

  proof(login: string): Promise<OffboardingProof> {
    return askApiFor(this.access, { method: 'GET', path: this.path(login, 'proof') }, OffboardingProofSchema);
  }

  diagnose(login: string): Promise<UserDiagnosis> {
    return askApiFor(this.access, { method: 'GET', path: this.path(login, 'diagnosis') }, UserDiagnosisSchema);
  }

  answerGate(login: string, gate: string, reply: GateReply): Promise<Gate> {
    const path = this.path(login, 'gates', gate);
    return askApiFor(this.access, { method: 'POST', path, body: json(reply) }, GateSchema);
  }

  private path(login: string, ...rest: readonly (string | number)[]): string {
    return apiPath('federations', this.federation, 'users', login, ...rest);
  }
}
