import type { ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import { Org2OrgError } from '../domain/errors.js';
import { crossCheckConfiguration, type IdpSide, type SpSide } from '../domain/sign-on.js';
import { getApplication, previewSAMLmetadataForApplication } from '../okta/applications.js';
import { findIdentityProviderKey } from '../okta/identity-provider-keys.js';
import { getIdentityProvider } from '../okta/identity-providers.js';
import { getDefaultProvisioningConnectionForApplication } from '../okta/provisioning-connection.js';
import type { OktaSession } from '../okta/session.js';
import { seenIdentityProvider } from './identity-provider.js';
import { seenOrg2OrgApp } from './org2org-app.js';
import { observeFeatures } from './provisioning-features.js';

/** Reads what the IdP org would send and to whom. */
export async function readIdpSide(session: OktaSession, { known }: ResourceInput): Promise<IdpSide> {
  const appId = known.org2orgAppId;
  if (appId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  const app = seenOrg2OrgApp(await getApplication(session, appId));
  const { issuer, ssoUrl, thumbprint } = await previewSAMLmetadataForApplication(session, appId);
  const connection = await getDefaultProvisioningConnectionForApplication(session, appId);
  return {
    appStatus: app.status,
    acsUrl: app.acsUrl,
    audRestriction: app.audRestriction,
    issuer,
    ssoUrl,
    thumbprint,
    signingKid: app.signingKid,
    connectionStatus: connection.status,
    features: await observeFeatures(session, appId),
    evidence: session.evidence,
  };
}

async function readSpSide(session: OktaSession, identityProviderId: string): Promise<SpSide> {
  const found = await getIdentityProvider(session, identityProviderId);
  const seen = seenIdentityProvider(found);
  const thumbprints: string[] = [];
  for (const kid of [seen.kid ?? [], found.protocol.credentials?.trust?.additionalKids ?? []].flat()) {
    const thumbprint = (await findIdentityProviderKey(session, kid))?.['x5t#S256'];
    if (thumbprint != null) thumbprints.push(thumbprint);
  }
  return {
    idpStatus: seen.status,
    acsUrl: seen.acsUrl,
    audience: seen.audience,
    issuer: seen.issuer,
    ssoUrl: seen.ssoUrl,
    thumbprints,
  };
}

/** Compares what both orgs hold about each other. Needs no user. */
export async function crossCheck(
  session: OktaSession,
  { known, spec }: ResourceInput,
  idpSide: IdpSide,
): Promise<readonly Check[]> {
  if (known.identityProviderId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  const spSide = await readSpSide(session, known.identityProviderId);
  const evidence = [...idpSide.evidence, ...session.evidence];
  const { certificate, provisioning } = spec;
  const checks = crossCheckConfiguration(idpSide, spSide, provisioning.features, certificate.kid);
  return checks.map((check) => ({ ...check, evidence }));
}
