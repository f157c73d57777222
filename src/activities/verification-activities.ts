import type { ResourceInput } from '../domain/assessment.js';
import type { RemovedCanaries } from '../domain/canary.js';
import type { Check } from '../domain/check.js';
import type { Look } from '../domain/diagnosis-facts.js';
import type { SeenTokenLife } from '../domain/key-points.js';
import type { SignOnAttempt } from '../domain/sign-on.js';
import type { Finding } from '../domain/user-lifecycle.js';

/** What a worker does in one org for a verification, besides what it does for users anyway. */
export interface VerificationActivities {
  /** SP org: the guide's key points as far as its configuration shows them. Never writes. */
  checkKeyPoints(input: ResourceInput): Promise<readonly Check[]>;
  /** SP org: its API tokens, read with the worker's own credentials; why not where these may not. Never writes. */
  readSpTokens(): Promise<Look<readonly SeenTokenLife[]>>;
  /**
   * IdP org: owner, role, age and last use of the SP token, which this uses and so lets live on. Never writes.
   *
   * @param before the tokens of the SP org as they were until now; null if nobody has read them.
   */
  checkSpTokenLife(input: ResourceInput, before: Look<readonly SeenTokenLife[]> | null): Promise<readonly Check[]>;
  /** IdP org: signs the canary on, with a password that lasts as long as this call. */
  trySignOnOfCanary(input: ResourceInput, login: string): Promise<SignOnAttempt>;
  /** IdP org: deactivates the canary and reads it back; `userId` is null where nobody has the login. */
  deactivateCanary(input: ResourceInput, login: string): Promise<Finding & { readonly userId: string | null }>;
  /**
   * Deactivates and deletes every canary of the federation in this org and reads that they are gone.
   *
   * @param login one that the search may not show yet; null for those of earlier verifications alone.
   * @param id Okta's id of that one in this org, if it is known.
   */
  removeCanaries(input: ResourceInput, login: string | null, id: string | null): Promise<RemovedCanaries>;
}
