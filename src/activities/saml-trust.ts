import { Org2OrgError } from '../domain/errors.js';
import type { SeenOrg2OrgApp } from '../domain/org2org-app.js';
import { decideSamlTrust } from '../domain/saml-trust.js';
import type { Application } from '../okta/applications.js';
import { changeApplication, findLivingApplication } from './application.js';
import { seenOrg2OrgApp } from './org2org-app.js';
import type { Resource } from './resource.js';

interface Seen {
  readonly app: Application | null;
  readonly seen: SeenOrg2OrgApp | null;
}

/** ACS URL and audience of the identity provider, in the Org2Org app. */
export const samlTrust: Resource<Seen> = {
  name: 'samlTrust',
  side: 'idp',

  async observe(session, { known }) {
    const app = await findLivingApplication(session, known.org2orgAppId);
    return { app, seen: app === null ? null : seenOrg2OrgApp(app) };
  },

  decide: (input, { seen }) => decideSamlTrust(input, seen),

  async write(session, { known: { acsUrl, audience } }, { app }) {
    if (app === null || acsUrl === undefined || audience === undefined) throw new Org2OrgError('O2O_INTERNAL');
    await changeApplication(session, app, { settings: { acsUrl, audRestriction: audience } });
    return {};
  },
};
