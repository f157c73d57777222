import { decideSamlMetadata, type SeenSamlMetadata } from '../domain/saml-metadata.js';
import { previewSAMLmetadataForApplication } from '../okta/applications.js';
import type { Resource } from './resource.js';

const day = 24 * 60 * 60 * 1000;

/** Issuer, sign-on URL and certificate of the Org2Org app: read, never written. */
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
    return { ...metadata, daysLeft };
  },

  decide: decideSamlMetadata,

  async write() {
    return {};
  },
};
