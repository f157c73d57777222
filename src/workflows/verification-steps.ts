import type { Step } from '../domain/federation.js';
import type { VerificationStepName } from '../domain/verification.js';
import { pending, type StepDescription } from './pending-step.js';

/** Every step of a verification as people read it. */
const verificationSteps: Record<VerificationStepName, StepDescription> = {
  configuration: { title: 'Both halves of the connection agree', guide: 'Troubleshooting', side: 'both' },
  keyPoints: { title: 'Service account, rights, push and JIT', guide: 'Key points', side: 'both' },
  earlierCanaries: { title: 'Canaries of earlier verifications removed', guide: 'Checklist', side: 'both' },
  canaryArrives: { title: 'A canary is created, assigned and provisioned', guide: 'Checklist', side: 'both' },
  canarySignsOn: { title: 'The canary signs on', guide: 'Checklist', side: 'both' },
  canaryChanges: { title: 'A change of the canary arrives', guide: 'Checklist', side: 'both' },
  canaryDeactivated: {
    title: 'Deactivating the canary deactivates it in the SP org',
    guide: 'Key points',
    side: 'both',
  },
  canaryGone: { title: 'The canary is proven gone', guide: 'Key points', side: 'both' },
  canaryRemoved: { title: 'The canary is removed from both orgs', guide: 'Checklist', side: 'both' },
  checklist: { title: "The guide's verification checklist", guide: 'Checklist', side: 'both' },
};

/** A step of a verification that has not begun. */
export function pendingVerificationStep(name: VerificationStepName): Step {
  return pending(name, verificationSteps[name]);
}
