import { z } from 'zod';
import { SweepSpec } from './sweep.js';

/** Body of the request that ends a federation. */
export const TeardownOptions = z.strictObject({
  /** What becomes of the federation's users in the SP org. */
  users: z.enum(['keep', 'suspend', 'deactivate']),
  /** Kept with the operation. */
  why: z.string().trim().min(1, 'must say why').max(1000),
});
export type TeardownOptions = z.output<typeof TeardownOptions>;

/** What is going on in a federation besides its operations and sweeps. */
export interface RunningWork {
  readonly kind: 'batch' | 'rollout';
  /** Of the batch, or of the group that is rolled out. */
  readonly id: string;
}

/** The steps of a teardown besides `connectionOff`, which is also that of a pause. */
export const teardownStepNames = [
  'otherWork',
  'deactivationsOff',
  'users',
  'org2orgAppRemoval',
  'identityProviderRemoval',
  'certificateRemoval',
  'serviceClientRemoval',
  'accessGroupRemoval',
  'targetAppRemoval',
  'leftovers',
] as const;
export type TeardownStepName = (typeof teardownStepNames)[number];

/** The sweep that deals with the users: everybody, whatever right they have, once another person has approved the list. */
export function sweepOfTeardown(federationId: string, { why }: TeardownOptions): SweepSpec {
  const reason = `the federation ${federationId} ends: ${why}`.slice(0, 500);
  return SweepSpec.parse({ mode: 'enforce', reason });
}
