import { Org2OrgError } from '../domain/errors.js';
import { decideProvisioningFeatures, type SeenProvisioningFeatures } from '../domain/provisioning-features.js';
import { OktaError } from '../okta/errors.js';
import {
  getFeatureForApplication,
  type UserProvisioningFeature,
  updateFeatureForApplication,
} from '../okta/provisioning-features.js';
import type { OktaSession } from '../okta/session.js';
import type { Resource } from './resource.js';

function seenFeatures({ capabilities }: UserProvisioningFeature): SeenProvisioningFeatures {
  return {
    create: capabilities?.create?.lifecycleCreate?.status ?? 'DISABLED',
    update: capabilities?.update?.profile?.status ?? 'DISABLED',
    deactivate: capabilities?.update?.lifecycleDeactivate?.status ?? 'DISABLED',
  };
}

/** The features of the Org2Org app; null while its connection is off, when Okta answers 400. */
export async function observeFeatures(session: OktaSession, appId: string): Promise<SeenProvisioningFeatures | null> {
  try {
    return seenFeatures(await getFeatureForApplication(session, appId));
  } catch (error) {
    if (error instanceof OktaError && error.status === 400) return null;
    throw error;
  }
}

const status = (on: boolean) => ({ status: on ? ('ENABLED' as const) : ('DISABLED' as const) });

/** Create, update and deactivate users: the three checkboxes. */
export const provisioningFeatures: Resource<SeenProvisioningFeatures | null> = {
  name: 'provisioningFeatures',
  side: 'idp',

  async observe(session, { known }) {
    return known.org2orgAppId === undefined ? null : observeFeatures(session, known.org2orgAppId);
  },

  decide: decideProvisioningFeatures,

  async write(session, { known, spec }) {
    if (known.org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
    const { create, update, deactivate } = spec.provisioning.features;
    await updateFeatureForApplication(session, known.org2orgAppId, {
      create: { lifecycleCreate: status(create) },
      update: { profile: status(update), lifecycleDeactivate: status(deactivate) },
    });
    return {};
  },
};
