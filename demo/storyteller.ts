import type { Sandbox } from '../sandbox/sandbox.js';
import type { ApiClient } from '../src/cli/api-client.js';
import type { BatchesClient } from '../src/cli/batches-client.js';
import type { Paint } from '../src/cli/render.js';
import type { SweepsClient } from '../src/cli/sweeps-client.js';
import type { UsersClient } from '../src/cli/users-client.js';

export const federationId = 'partner-to-company';

/** What the story is told with. */
export interface Storyteller {
  readonly api: ApiClient;
  readonly users: UsersClient;
  readonly batches: BatchesClient;
  readonly sweeps: SweepsClient;
  /** The same with another person's token. */
  readonly approver: SweepsClient;
  readonly sandbox: Sandbox;
  readonly say: (text: string) => void;
  readonly headline: (text: string) => void;
  readonly paint: Paint;
}
