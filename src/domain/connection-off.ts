import type { Decision, ResourceInput } from './assessment.js';
import { decision } from './changes.js';

/** Decides whether the provisioning connection must be turned off. `status` as Okta shows it; null: there is no app. */
export function decideConnectionOff(input: ResourceInput, status: string | null): Decision {
  const isOn = status === 'ENABLED';
  return decision({
    id: input.known.org2orgAppId ?? null,
    observed: status === null ? null : { status },
    changes: isOn
      ? [
          {
            org: input.orgs.idp.name,
            resource: 'provisioningConnection',
            write: 'deactivate',
            summary: 'Turn the provisioning connection off; the app stays on',
            fields: [{ field: 'status', before: status, after: 'DISABLED' }],
            reversible: true,
          },
        ]
      : [],
    explanation: isOn ? 'The connection is on.' : 'The connection is off: nothing is pushed.',
  });
}
