import type { Assessment, ResourceInput } from '../domain/assessment.js';
import type { DriftCauses } from '../domain/drift.js';

/** What a worker does in one org for a drift check, besides the assessments. */
export interface DriftActivities {
  /** The last change of each object that differs, from the org's System Log. Never writes. */
  readDriftCauses(input: ResourceInput, differing: readonly Assessment[]): Promise<DriftCauses>;
}
