import type { Applied, Assessment, ResourceInput } from '../domain/assessment.js';
import type { Removal } from '../domain/removal.js';

/** What pauses and teardowns do in an org. `assess…` never writes, `apply…` reads back. */
export interface TeardownActivities {
  /** IdP org: whether the provisioning connection is on. */
  assessConnectionOff(input: ResourceInput): Promise<Assessment>;
  applyConnectionOff(input: ResourceInput, agreed: Assessment): Promise<Applied>;
  /** The object's org: what takes it away, or why it stays. */
  assessRemoval(input: ResourceInput, removal: Removal): Promise<Assessment>;
  applyRemoval(input: ResourceInput, removal: Removal, agreed: Assessment): Promise<Applied>;
}
