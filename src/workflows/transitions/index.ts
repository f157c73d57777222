import type { TransitionKind, UserStepName } from '../../domain/user-lifecycle.js';
import type { TransitionRun } from '../transition-run.js';
import { offboard, offboardSteps } from './offboard.js';
import { onboard, onboardSteps } from './onboard.js';
import { resume, resumeSteps, suspend, suspendSteps } from './suspend-and-resume.js';
import { update, updateSteps } from './update.js';

interface TransitionDescription {
  readonly steps: readonly UserStepName[];
  carryOut(run: TransitionRun, federationId: string): Promise<void>;
}

/** What each transition does, step by step. */
export const transitions: Readonly<Record<TransitionKind, TransitionDescription>> = {
  onboard: { steps: onboardSteps, carryOut: onboard },
  reactivate: { steps: onboardSteps, carryOut: onboard },
  update: { steps: updateSteps, carryOut: update },
  suspend: { steps: suspendSteps, carryOut: suspend },
  resume: { steps: resumeSteps, carryOut: resume },
  offboard: { steps: offboardSteps, carryOut: offboard },
};
