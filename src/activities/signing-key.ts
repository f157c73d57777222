import type { Change } from '../domain/assessment.js';
import { Org2OrgError } from '../domain/errors.js';
import {
  decideAgreedKey,
  decideKeySwitch,
  decideSigningKey,
  type SeenSigningKey,
  type SeenSigningKeys,
} from '../domain/signing-key.js';
import { generateApplicationKey, listApplicationKeys } from '../okta/application-keys.js';
import { type Application, getApplication } from '../okta/applications.js';
import { readCertificate } from '../okta/certificate.js';
import type { OktaSession } from '../okta/session.js';
import { changeApplication, findLivingApplication } from './application.js';
import { seenOrg2OrgApp } from './org2org-app.js';
import type { Resource } from './resource.js';

const dayMs = 24 * 60 * 60 * 1000;

/** All signing keys of an app, with the days that are left of their certificates. */
async function seenKeys(session: OktaSession, appId: string): Promise<readonly SeenSigningKey[]> {
  const keys = await listApplicationKeys(session, appId);
  return keys.map(({ kid, x5c, created, expiresAt }) => ({
    kid,
    ...readCertificate(x5c[0] ?? ''),
    createdAt: created ?? null,
    daysLeft: Math.floor((Date.parse(expiresAt) - Date.now()) / dayMs),
  }));
}

/** The key with which the Org2Org app will sign: one that lies unused, or a new one. */
export function signingKey(validityYears: number): Resource<SeenSigningKeys> {
  return {
    name: 'org2orgApp',
    side: 'idp',

    async observe(session, { known: { org2orgAppId } }) {
      if (org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
      const app = await getApplication(session, org2orgAppId);
      return { activeKid: seenOrg2OrgApp(app).signingKid, keys: await seenKeys(session, org2orgAppId) };
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

interface AppWithKeys {
  readonly app: Application;
  readonly keys: readonly SeenSigningKey[];
}

function kidOf(change: Change): string {
  const kid = change.fields[0]?.after;
  if (typeof kid !== 'string') throw new Org2OrgError('O2O_INTERNAL');
  return kid;
}

/** That the Org2Org app signs with the key of the agreed certificate. */
export const agreedKey: Resource<AppWithKeys> = {
  name: 'org2orgApp',
  side: 'idp',

  async observe(session, { known: { org2orgAppId } }) {
    if (org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
    return { app: await getApplication(session, org2orgAppId), keys: await seenKeys(session, org2orgAppId) };
  },

  decide: (input, { app, keys }) => decideAgreedKey(input, seenOrg2OrgApp(app), keys),

  async write(session, _input, { app }, change) {
    await changeApplication(session, app, { signingKid: kidOf(change) });
    return {};
  },
};
