import type { Client } from '@temporalio/client';
import { userKey } from '../commands/user-key.js';
import { userWorkflowId } from '../workflows/messages.js';
import { federationPath } from './federations.js';

/** Where users and their transitions are found, in the API and in the Temporal UI. */
export class UserAddresses {
  constructor(
    private readonly client: Client,
    private readonly temporalUiUrl: string | null,
  ) {}

  user(federationId: string, login: string): string {
    return `${federationPath(federationId)}/users/${encodeURIComponent(login)}`;
  }

  transition(federationId: string, login: string, number: number): string {
    return `${this.user(federationId, login)}/transitions/${number}`;
  }

  /** Page of the user's workflow; null where the API does not know where the Temporal UI is. */
  temporal(federationId: string, login: string): string | null {
    if (this.temporalUiUrl === null) return null;
    const workflowId = userWorkflowId(federationId, userKey(federationId, login));
    const namespace = encodeURIComponent(this.client.options.namespace);
    return `${this.temporalUiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
  }
}
