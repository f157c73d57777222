import type { Evidence } from './evidence.js';

/** One verifiable statement about a federation or a user. */
export interface Check {
  readonly name: string;
  readonly statement: string;
  readonly result: 'passed' | 'failed' | 'unknown';
  /** Why it failed or is unknown; what was compared where it passed. */
  readonly detail: string;
  /** What to do if it failed, or to make it known. */
  readonly fix: string | null;
  readonly evidence: readonly Evidence[];
}
