import type { FederationOrgs, KnownValues } from './assessment.js';
import type { Evidence } from './evidence.js';
import type { FederationSpec } from './federation-spec.js';
import type { SeenIdentityProvider } from './identity-provider.js';
import type { SeenOrg2OrgApp } from './org2org-app.js';
import type { SeenConnection } from './provisioning-connection.js';
import type { SeenProvisioningFeatures } from './provisioning-features.js';
import type { SeenSamlMetadata } from './saml-metadata.js';
import type { SeenServiceClient } from './service-client.js';
import type { SeenTargetApp } from './target-app.js';
import type { SeenTrustedCertificate } from './trusted-certificate.js';

/** Between which orgs a federation is looked for. */
export interface FindFederation {
  readonly orgs: FederationOrgs;
  /** What is not to be found in any org is as it says. */
  readonly spec: FederationSpec;
  /** The addresses of the SP org that a specification may name. */
  readonly addresses: readonly string[];
  /** The objects that are meant; empty where every pair is looked for. */
  readonly known: KnownValues;
}

/** An Org2Org app of the IdP org, with all that belongs to it there. */
export interface FoundApp {
  readonly app: SeenOrg2OrgApp;
  /** Null where the app shows none, for example while it is inactive. */
  readonly metadata: SeenSamlMetadata | null;
  readonly connection: SeenConnection | null;
  readonly features: SeenProvisioningFeatures | null;
  /** Where the SP org would find the keys of its connection. */
  readonly jwksUri: string;
  /** Names of the groups that have the app. */
  readonly groups: readonly string[];
  /** Of the users that the specification names, those that have the app. */
  readonly users: readonly string[];
}

export interface FoundIdpSide {
  readonly apps: readonly FoundApp[];
  readonly evidence: readonly Evidence[];
}

/** A group of the SP org that could give access. */
export interface FoundGroup {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Whether it has the target app. */
  readonly assigned: boolean;
}

/** An app of the SP org that could be the target app. */
export interface FoundTarget {
  readonly app: SeenTargetApp;
  readonly groups: readonly FoundGroup[];
}

export interface FoundSpSide {
  readonly providers: readonly SeenIdentityProvider[];
  /** Every certificate that the org trusts of identity providers. */
  readonly keys: readonly SeenTrustedCertificate[];
  /** The clients whose keys are those of an Org2Org app that was found, by where they are. */
  readonly clients: readonly SeenServiceClient[];
  readonly targets: readonly FoundTarget[];
  readonly evidence: readonly Evidence[];
}

/** Both ends of one federation, and what else of it was found. */
export interface FoundPair {
  readonly app: FoundApp;
  readonly provider: SeenIdentityProvider;
  readonly key: SeenTrustedCertificate | null;
  readonly clients: readonly SeenServiceClient[];
  readonly target: SeenTargetApp | null;
  readonly group: FoundGroup | null;
}

/** The certificate of the app in the key store of the SP org, the clients of its connection. */
export function joined(
  app: FoundApp,
  provider: SeenIdentityProvider,
  { keys, clients }: FoundSpSide,
): Omit<FoundPair, 'target' | 'group'> {
  const key = keys.find(({ thumbprint }) => thumbprint === app.metadata?.thumbprint) ?? null;
  return { app, provider, key, clients: clients.filter(({ jwksUri }) => jwksUri === app.jwksUri) };
}

/** The ids and addresses of a pair, as the setup comes to know them. */
export function knownOf({ app, provider, key, clients, target, group }: FoundPair): KnownValues {
  const { metadata } = app;
  const [client, another] = clients;
  return {
    org2orgAppId: app.app.id,
    identityProviderId: provider.id,
    ...(metadata === null
      ? {}
      : {
          issuer: metadata.issuer,
          ssoUrl: metadata.ssoUrl,
          certificate: metadata.certificate,
          certificateThumbprint: metadata.thumbprint,
        }),
    ...(key === null ? {} : { trustedKeyId: key.kid }),
    ...(provider.acsUrl === null ? {} : { acsUrl: provider.acsUrl }),
    ...(provider.audience === null ? {} : { audience: provider.audience }),
    ...(client === undefined || another !== undefined ? {} : { serviceClientId: client.id }),
    ...(target === null ? {} : { targetAppId: target.id }),
    ...(group === null ? {} : { accessGroupId: group.id }),
  };
}
