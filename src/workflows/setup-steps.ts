import type { SetupStepName, Step } from '../domain/federation.js';
import { pending, type StepDescription } from './pending-step.js';

/** Every step of a setup in the guide's order, as people read it. */
const setupSteps: Record<SetupStepName, StepDescription> = {
  orgs: { title: 'Both orgs answer and are two different ones', guide: 'Prerequisites', side: 'both' },
  targetApp: { title: 'Target app in the SP org', guide: 'Step 1', side: 'sp' },
  targetAppConsole: {
    title: "Sign-on URL, certificate and provisioning in the target's console",
    guide: 'Step 1',
    side: 'sp',
  },
  org2orgApp: { title: 'Org2Org app with the Base URL of the SP org', guide: 'Step 2', side: 'idp' },
  samlMetadata: { title: 'Issuer, sign-on URL and certificate of the Org2Org app', guide: 'Step 2', side: 'idp' },
  trustedCertificate: { title: 'Certificate trusted in the SP org', guide: 'Step 3', side: 'sp' },
  identityProvider: { title: 'SAML identity provider in the SP org', guide: 'Step 3', side: 'sp' },
  samlTrust: { title: 'ACS URL and audience back into the Org2Org app', guide: 'Step 3', side: 'idp' },
  serviceClient: { title: 'Service client with roles and scopes in the SP org', guide: 'Step 4', side: 'sp' },
  spToken: { title: 'API token of a service account in the SP org', guide: 'Step 4', side: 'idp' },
  provisioningConnection: { title: 'Provisioning connection, credentials tested', guide: 'Step 4', side: 'idp' },
  provisioningFeatures: { title: 'Create, update and deactivate users', guide: 'Step 4', side: 'idp' },
  assignments: { title: 'Users and groups assigned to the Org2Org app', guide: 'Step 5', side: 'idp' },
  provisionedUsers: { title: 'Assigned users appear in the SP org', guide: 'Step 5', side: 'both' },
  accessGroup: { title: 'Access to the target app', guide: 'Step 5', side: 'sp' },
  signOn: { title: 'Sign-on through both orgs to the target app', guide: 'Step 5', side: 'both' },
};

/** A step of a setup that has not begun. */
export function pendingStep(name: SetupStepName): Step {
  return pending(name, setupSteps[name]);
}
