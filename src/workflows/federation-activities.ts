import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { FederationActivities } from '../activities/federation-activities.js';

/** Activities on the queue of the workflows: short ones, and `runTransition`, which waits and shows that it lives. */
const options: ActivityOptions = {
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 7 },
};

/** Reads of the federation, the opaque keys of users, and decisions that need no org. */
export const federationActivities =
  proxyActivities<
    Pick<
      FederationActivities,
      'readFederation' | 'userKeyOf' | 'ownerOf' | 'planCanary' | 'concludeVerification' | 'judgeDrift' | 'judgeMend'
    >
  >(options);
