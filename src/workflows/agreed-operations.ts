import type { AgreedKind, FederationState, OperationOutcome } from '../domain/federation.js';

/** What an operation on a federation as it was agreed is, and what it makes of the federation's state. */
export interface AgreedOperation {
  /** Name of its workflow. */
  readonly workflow: string;
  /** States in which it may begin. */
  readonly from: readonly FederationState[];
  /** The state while it runs; absent where it stays as it is. */
  readonly during?: FederationState;
  /** The state after it, by its outcome; absent where it is as it was before. */
  readonly after?: Partial<Readonly<Record<OperationOutcome, FederationState>>>;
}

export const agreedOperations: Readonly<Record<AgreedKind, AgreedOperation>> = {
  verification: { workflow: 'federationVerification', from: ['ready'] },
  drift: { workflow: 'driftCheck', from: ['ready', 'paused'] },
  rotation: { workflow: 'keyRotation', from: ['ready'] },
  pause: { workflow: 'federationPause', from: ['ready'], after: { done: 'paused' } },
  resume: { workflow: 'federationResume', from: ['paused'], after: { done: 'ready' } },
  teardown: {
    workflow: 'federationTeardown',
    from: ['ready', 'paused', 'stopped', 'ending'],
    during: 'ending',
    after: { done: 'ended', stopped: 'ending' },
  },
};

/** The state that an operation leaves behind. `before` is the one in which it began, and stays if nothing was changed. */
export function stateAfter(
  kind: AgreedKind,
  outcome: OperationOutcome,
  before: FederationState,
  changedNothing: boolean,
): FederationState {
  return changedNothing ? before : (agreedOperations[kind].after?.[outcome] ?? before);
}
