import type { Decision, ResourceInput } from './assessment.js';
import { decision, differences } from './changes.js';

/** The three checkboxes of the guide's step 4. */
export interface SeenProvisioningFeatures {
  readonly create: string;
  readonly update: string;
  readonly deactivate: string;
}

const status = (on: boolean) => (on ? 'ENABLED' : 'DISABLED');

/** Decides whether create, update and deactivate are on as agreed. Null: Okta shows no features before the connection is on. */
export function decideProvisioningFeatures(input: ResourceInput, seen: SeenProvisioningFeatures | null): Decision {
  const { features } = input.spec.provisioning;
  const fields = differences([
    ['create.lifecycleCreate.status', seen?.create, status(features.create)],
    ['update.profile.status', seen?.update, status(features.update)],
    ['update.lifecycleDeactivate.status', seen?.deactivate, status(features.deactivate)],
  ]);
  return decision({
    id: seen === null ? null : 'USER_PROVISIONING',
    observed: seen === null ? null : { create: seen.create, update: seen.update, deactivate: seen.deactivate },
    changes:
      fields.length === 0
        ? []
        : [
            {
              org: input.orgs.idp.name,
              resource: 'provisioningFeatures',
              write: 'update',
              summary: `Provisioning: create ${status(features.create)}, update ${status(features.update)}, deactivate ${status(features.deactivate)}`,
              fields,
              reversible: true,
            },
          ],
    explanation:
      fields.length === 0
        ? 'Create, update and deactivate are as agreed.'
        : 'Create, update and deactivate are not as agreed.',
  });
}
