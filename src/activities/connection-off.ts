import { decideConnectionOff } from '../domain/connection-off.js';
import { Org2OrgError } from '../domain/errors.js';
import {
  deactivateDefaultProvisioningConnectionForApplication,
  getDefaultProvisioningConnectionForApplication,
} from '../okta/provisioning-connection.js';
import { findLivingApplication } from './application.js';
import type { Resource } from './resource.js';

/** The provisioning connection, turned off. The app stays on: switching it off would take assignments away. */
export const connectionOff: Resource<string | null> = {
  name: 'provisioningConnection',
  side: 'idp',

  async observe(session, { known }) {
    const app = await findLivingApplication(session, known.org2orgAppId);
    return app === null ? null : (await getDefaultProvisioningConnectionForApplication(session, app.id)).status;
  },

  decide: decideConnectionOff,

  async write(session, { known: { org2orgAppId } }) {
    if (org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
    await deactivateDefaultProvisioningConnectionForApplication(session, org2orgAppId);
    return {};
  },
};
