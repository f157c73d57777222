import { z } from 'zod';
import { path } from './request-path.js';
import type { OktaSession } from './session.js';

const Status = z.looseObject({ status: z.string() });

/** The provisioning feature "To App": the guide's create, update and deactivate. */
export const UserProvisioningFeature = z.looseObject({
  name: z.string(),
  status: z.string(),
  capabilities: z
    .looseObject({
      create: z.looseObject({ lifecycleCreate: Status.nullish() }).nullish(),
      update: z.looseObject({ profile: Status.nullish(), lifecycleDeactivate: Status.nullish() }).nullish(),
    })
    .nullish(),
});
export type UserProvisioningFeature = z.output<typeof UserProvisioningFeature>;

/** Capabilities to switch on or off; what is left out stays as it is. */
export interface UserProvisioningCapabilities {
  readonly create?: { readonly lifecycleCreate: { readonly status: 'ENABLED' | 'DISABLED' } };
  readonly update?: {
    readonly profile?: { readonly status: 'ENABLED' | 'DISABLED' };
    readonly lifecycleDeactivate?: { readonly status: 'ENABLED' | 'DISABLED' };
  };
}

const facts = ({ status, capabilities }: UserProvisioningFeature) => ({
  status,
  create: capabilities?.create?.lifecycleCreate?.status ?? null,
  update: capabilities?.update?.profile?.status ?? null,
  deactivate: capabilities?.update?.lifecycleDeactivate?.status ?? null,
});

/** Refused with status 400 while the app's connection is off. */
export function getFeatureForApplication(session: OktaSession, appId: string): Promise<UserProvisioningFeature> {
  return session.call({
    operation: 'getFeatureForApplication',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/features/USER_PROVISIONING`,
    answer: UserProvisioningFeature,
    facts,
  });
}

/** Refused with status 400 while the app's connection is off. */
export function updateFeatureForApplication(
  session: OktaSession,
  appId: string,
  capabilities: UserProvisioningCapabilities,
): Promise<UserProvisioningFeature> {
  return session.call({
    operation: 'updateFeatureForApplication',
    method: 'PUT',
    path: path`/api/v1/apps/${appId}/features/USER_PROVISIONING`,
    body: capabilities,
    answer: UserProvisioningFeature,
    facts,
  });
}
