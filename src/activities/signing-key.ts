import { Org2OrgError } from '../domain/errors.js';
import { decideKeySwitch, decideSigningKey, type SeenSigningKeys } from '../domain/signing-key.js';
import { generateApplicationKey, listApplicationKeys } from '../okta/application-keys.js';
import { type Application, getApplication } from '../okta/applications.js';
import { readCertificate } from '../okta/certificate.js';
import { changeApplication, findLivingApplication } from './application.js';
import { seenOrg2OrgApp } from './org2org-app.js';
import type { Resource } from './resource.js';

const dayMs = 24 * 60 * 60 * 1000;

/** The key with which the Org2Org app will sign: one that lies unused, or a new one. */
export function signingKey(validityYears: number): Resource<SeenSigningKeys> {
  return {
    name: 'org2orgApp',
    side: 'idp',

    async observe(session, { known: { org2orgAppId } }) {
      if (org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
      const app = await getApplication(session, org2orgAppId);
      const keys = await listApplicationKeys(session, org2orgAppId);
      return {
        activeKid: seenOrg2OrgApp(app).signingKid,
        keys: keys.map(({ kid, x5c, created, expiresAt }) => ({
          kid,
          ...readCertificate(x5c[0] ?? ''),
          createdAt: created ?? null,
          daysLeft: Math.floor((Date.parse(expiresAt) - Date.now()) / dayMs),
        })),
      };
    },

    decide: (input, seen) => decideSigningKey(input, seen, validityYears),

    async write(session, { known: { org2orgAppId } }) {
      if (org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
      await generateApplicationKey(session, org2orgAppId, validityYears);
      return {};
    },
  };
}

/** Which key the Org2Org app signs with. */
export function keySwitch(kid: string): Resource<Application | null> {
  return {
    name: 'org2orgApp',
    side: 'idp',
    observe: (session, { known }) => findLivingApplication(session, known.org2orgAppId),
    decide: (input, app) => decideKeySwitch(input, app === null ? null : seenOrg2OrgApp(app), kid),

    async write(session, _input, app) {
      if (app === null) throw new Org2OrgError('O2O_INTERNAL');
      await changeApplication(session, app, { signingKid: kid });
      return {};
    },
  };
}
