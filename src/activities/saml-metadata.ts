import { Org2OrgError } from '../domain/errors.js';
import { decideSamlMetadata, type SeenSamlMetadata } from '../domain/saml-metadata.js';
import { getApplication, previewSAMLmetadataForApplication } from '../okta/applications.js';
import { changeApplication } from './application.js';
import type { Resource } from './resource.js';

const day = 24 * 60 * 60 * 1000;

/** Issuer, sign-on URL and certificate of the Org2Org app. Only the key that signs is written, where one is named. */
export const samlMetadata: Resource<SeenSamlMetadata | null> = {
  name: 'samlMetadata',
  side: 'idp',

  async observe(session, { known, spec }) {
    if (known.org2orgAppId === undefined) return null;
    const { kid } = spec.certificate;
    const metadata = await previewSAMLmetadataForApplication(
      session,
      known.org2orgAppId,
      kid === 'active' ? undefined : kid,
    );
    const daysLeft = Math.floor((new Date(metadata.expiresAt).getTime() - Date.now()) / day);
    if (kid === 'active') return { ...metadata, daysLeft };
    const app = await getApplication(session, known.org2orgAppId);
    return { ...metadata, daysLeft, signingKid: app.credentials?.signing?.kid ?? null };
  },

  decide: decideSamlMetadata,

  async write(session, { known, spec }) {
    if (known.org2orgAppId === undefined) throw new Org2OrgError('O2O_INTERNAL');
    const app = await getApplication(session, known.org2orgAppId);
    await changeApplication(session, app, { signingKid: spec.certificate.kid });
    return {};
  },
};
