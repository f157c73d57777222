import { createHash } from 'node:crypto';
import type { Facts } from './evidence.js';

/** Everything that is entered into the audit, and nothing else is. */
export const auditActions = [
  'federation.apply',
  'federation.preflight',
  'federation.adopt',
  'federation.plan',
  'federation.gate',
  'federation.pause',
  'federation.resume',
  'federation.teardown',
  'rotation.start',
  'rotation.goOn',
  'rotation.revoke',
  'federation.verify',
  'federation.live',
  'federation.drift',
  'verificationSchedule.put',
  'verificationSchedule.delete',
  'driftSchedule.put',
  'driftSchedule.delete',
  'user.onboard',
  'user.update',
  'user.suspend',
  'user.resume',
  'user.offboard',
  'user.reactivate',
  'user.transition',
  'user.replan',
  'user.cancel',
  'user.gate',
  'user.erase',
  'batch.start',
  'batch.pause',
  'batch.resume',
  'batch.cancel',
  'rollout.start',
  'rollout.cancel',
  'rollout.gate',
  'sweep.start',
  'sweep.approve',
  'sweep.reject',
  'sweep.pause',
  'sweep.resume',
  'sweep.cancel',
  'sweep.begin',
  'sweep.user',
  'sweep.end',
  'sweepSchedule.put',
  'sweepSchedule.run',
  'sweepSchedule.backfill',
  'sweepSchedule.pause',
  'sweepSchedule.resume',
  'sweepSchedule.delete',
  'hook.delivery',
] as const;
/**
 * `user.transition`: a transition that was refused before its kind was known. `sweep.begin`, `sweep.user`, `sweep.end`: by
 * the sweep itself; the others are commands over REST.
 */
export type AuditAction = (typeof auditActions)[number];

export const auditOutcomes = ['accepted', 'refused', 'failed', 'done', 'withdrawn', 'notDone'] as const;
/**
 * Of a command `accepted`, `refused` with the error's code, or `failed`: it may have arrived all the same. Of what a sweep
 * did `done`, `failed`, `withdrawn` or `notDone`.
 */
export type AuditOutcome = (typeof auditOutcomes)[number];

/** Who acted, and from where. */
export interface AuditActor {
  /** Name of the API token; of whoever started or scheduled a sweep; of the org whose event hook it was. */
  readonly name: string;
  readonly sourceAddress: string | null;
  readonly userAgent: string | null;
}

/** Whom it was about, and why. Can be erased. */
export interface AuditSubject {
  readonly login: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  /** Digest of the `Idempotency-Key`, which may say anything. */
  readonly idempotencyKey: string | null;
}

/** What is entered: nothing personal but in `actor` and `subject`. */
export interface AuditEntry {
  /** The same for an entry that is sent again: it is entered once. */
  readonly entryId: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly at: string;
  readonly action: AuditAction;
  readonly federationId: string | null;
  readonly outcome: AuditOutcome;
  /** Code of the error with which it was refused, or failed. */
  readonly code: string | null;
  readonly details: Facts;
  readonly actor: AuditActor;
  readonly subject: AuditSubject | null;
}

/** The id of an entry that follows from what it is about: a UUID of version 8, the same for the same parts. */
export function entryIdOf(...parts: readonly (string | number)[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
