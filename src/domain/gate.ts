import type { Facts } from './evidence.js';

/** Roles of an API token. An approver may do all that an operator may, an operator all that a viewer may. */
export const roles = ['viewer', 'operator', 'approver'] as const;
export type Role = (typeof roles)[number];

/** Who sent a command: the name of the API token, never the token. */
export interface Actor {
  readonly name: string;
  readonly roles: readonly Role[];
}

export const gateNames = [
  'targetAppConsole',
  'spToken',
  'chooseCandidate',
  'notProvisioned',
  'protectedUser',
  'otherGroups',
  'pushNotArrived',
  'neverLinked',
  'membersNotProvisioned',
  'sweepFuse',
  'securityDrift',
] as const;
export type GateKind = (typeof gateNames)[number];

export interface GateChoice {
  readonly value: string;
  readonly meaning: string;
}

export interface GateAnswer {
  readonly choice: string;
  readonly by: string;
  readonly why: string;
  readonly at: string;
}

/** A point where a person must act or decide. */
export interface Gate {
  /** Unique within the operation, for example `targetAppConsole` or `chooseCandidate-org2orgApp`. */
  readonly name: string;
  readonly kind: GateKind;
  readonly question: string;
  /** What the person must do, line by line. */
  readonly instructions: readonly string[];
  /** What to look at or to copy: URLs, certificates, candidates. */
  readonly evidence: Facts;
  readonly choices: readonly GateChoice[];
  readonly role: Role;
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly state: 'open' | 'answered' | 'expired';
  readonly answer: GateAnswer | null;
}

/** What a person sends to answer a gate. */
export interface AnswerGate {
  readonly gate: string;
  readonly choice: string;
  readonly why: string;
  readonly actor: Actor;
}
