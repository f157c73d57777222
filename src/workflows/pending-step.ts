import type { OrgRole } from '../domain/assessment.js';
import type { Step, StepName } from '../domain/federation.js';

/** What a step is, as people read it. */
export interface StepDescription {
  readonly title: string;
  /** Where the guide describes it, or what it belongs to where the guide does not. */
  readonly guide: string;
  readonly side: OrgRole | 'both';
}

/** A step that has not begun. */
export function pending(name: StepName, description: StepDescription): Step {
  return {
    name,
    ...description,
    state: 'pending',
    assessment: null,
    applied: [],
    gate: null,
    checks: [],
    problem: null,
    startedAt: null,
    endedAt: null,
  };
}
