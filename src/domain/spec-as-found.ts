import { decideAccessGroup } from './access-group.js';
import { type Change, type Decision, type ResourceInput, type ResourceName, resourceNames } from './assessment.js';
import { agrees } from './changes.js';
import type { Problem } from './errors.js';
import type { Fact } from './evidence.js';
import type { FederationSpec } from './federation-spec.js';
import type { FoundPair } from './found-federation.js';
import { decideIdentityProvider, type SeenIdentityProvider } from './identity-provider.js';
import { decideOrg2OrgApp } from './org2org-app.js';
import { decideProvisioningConnection, type SeenConnection } from './provisioning-connection.js';
import { decideProvisioningFeatures } from './provisioning-features.js';
import { decideSamlMetadata } from './saml-metadata.js';
import { decideSamlTrust } from './saml-trust.js';
import { decideServiceClient } from './service-client.js';
import { decideTargetApp, type SeenTargetApp } from './target-app.js';
import { decideTrustedCertificate } from './trusted-certificate.js';

/** Stands for the SP token where a federation is connected by one and nobody has said where it is. */
export const unknownToken = 'env:ORG2ORG_SP_TOKEN';

/** Most groups that a specification names. */
const mostGroups = 50;

/**
 * The specification that says what was found. What no org shows, or no specification can say, is as it was agreed.
 *
 * @param addresses the addresses of the SP org that a specification may name.
 */
export function specAsFound(agreed: FederationSpec, found: FoundPair, addresses: readonly string[]): FederationSpec {
  const { app, provider, target, group } = found;
  const { baseUrl, label } = app.app;
  const groups = [...new Set(app.groups)].slice(0, mostGroups);
  return {
    ...agreed,
    targetApp: target === null ? agreed.targetApp : targetAsFound(agreed.targetApp, target),
    org2orgApp: {
      label: fitting(label, 100) ?? agreed.org2orgApp.label,
      baseUrl: baseUrl !== null && addresses.includes(baseUrl) ? baseUrl : agreed.org2orgApp.baseUrl,
    },
    identityProvider: providerAsFound(agreed.identityProvider, provider),
    provisioning: provisioningAsFound(agreed.provisioning, found),
    assignments: { groups, users: agreed.assignments.users.filter((login) => app.users.includes(login)) },
    access: { group: (group === null ? null : fitting(group.name, 255)) ?? agreed.access.group },
    users: groups.length === 0 ? { ...agreed.users, assignBy: 'direct' } : agreed.users,
  };
}

/** What the setup would write if it were given a specification, and what would keep it from going on. */
export interface WouldWrite {
  readonly changes: readonly Change[];
  readonly blockers: readonly Problem[];
  /** Resources of which either is. */
  readonly differs: readonly ResourceName[];
}

export function wouldWrite(input: ResourceInput, found: FoundPair): WouldWrite {
  const { app, provider, key, clients, target, group } = found;
  const { groups, assigned } = { groups: group === null ? [] : [group], assigned: group?.assigned ?? false };
  const tokenFingerprint = input.known.tokenFingerprint ?? null;
  const decisions: Partial<Record<ResourceName, Decision>> = {
    targetApp: decideTargetApp(input, { known: target, similar: [], signOn: null }),
    org2orgApp: decideOrg2OrgApp(input, { known: app.app, instances: [] }),
    samlMetadata: decideSamlMetadata(input, app.metadata),
    trustedCertificate: decideTrustedCertificate(input, key),
    identityProvider: decideIdentityProvider(input, { known: provider, all: [] }),
    samlTrust: decideSamlTrust(input, app.app),
    ...(input.spec.provisioning.auth === 'oauth2' ? { serviceClient: decideServiceClient(input, { clients }) } : {}),
    provisioningConnection: decideProvisioningConnection(input, { connection: app.connection, tokenFingerprint }),
    provisioningFeatures: decideProvisioningFeatures(input, app.features),
    accessGroup: decideAccessGroup(input, { groups, assigned }),
  };
  const all = resourceNames.flatMap((name) => {
    const decision = decisions[name];
    return decision === undefined ? [] : [{ name, decision }];
  });
  return {
    changes: all.flatMap(({ decision }) => decision.changes),
    blockers: all.flatMap(({ decision }) => decision.blockers),
    differs: all.filter(({ decision }) => !agrees(decision)).map(({ name }) => name),
  };
}

function targetAsFound(agreed: FederationSpec['targetApp'], target: SeenTargetApp): FederationSpec['targetApp'] {
  const label = fitting(target.label, 100);
  const settings = Object.keys(agreed.settings).map((key) => [key, scalar(target.settings[key])] as const);
  return {
    ...agreed,
    name: target.name,
    label: label ?? agreed.label,
    settings: Object.fromEntries(settings),
    ...(label === null ? { id: target.id } : {}),
  };
}

function providerAsFound(
  agreed: FederationSpec['identityProvider'],
  { name, subjectMatch, subjectFilter, accountLink, jit, maxClockSkew }: SeenIdentityProvider,
): FederationSpec['identityProvider'] {
  return {
    name: fitting(name, 100) ?? agreed.name,
    subjectMatch: oneOf(['USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL'], subjectMatch) ?? agreed.subjectMatch,
    subjectFilter: subjectFilter !== null && subjectFilter.length > 1024 ? agreed.subjectFilter : subjectFilter,
    accountLink: oneOf(['AUTO', 'DISABLED'], accountLink) ?? agreed.accountLink,
    jit: jit === 'AUTO' || (jit !== 'DISABLED' && agreed.jit),
    maxClockSkew:
      maxClockSkew !== null && Number.isInteger(maxClockSkew) && maxClockSkew >= 0 && maxClockSkew <= 3_600_000
        ? maxClockSkew
        : agreed.maxClockSkew,
  };
}

function provisioningAsFound(
  { auth, token, features }: FederationSpec['provisioning'],
  { app: { connection, features: seen } }: FoundPair,
): FederationSpec['provisioning'] {
  const on = (status: string, agreed: boolean) => status === 'ENABLED' || (status !== 'DISABLED' && agreed);
  const asFound =
    seen === null
      ? features
      : {
          create: on(seen.create, features.create),
          update: on(seen.update, features.update),
          deactivate: on(seen.deactivate, features.deactivate),
        };
  const scheme = connectedBy(connection) ?? auth;
  return { auth: scheme, ...(scheme === 'token' ? { token: token ?? unknownToken } : {}), features: asFound };
}

/** Null where nobody has connected it: Okta shows the scheme TOKEN of a connection that was never made. */
function connectedBy(connection: SeenConnection | null): 'oauth2' | 'token' | null {
  if (connection === null) return null;
  if (connection.authScheme === 'OAUTH2') return 'oauth2';
  return connection.authScheme === 'TOKEN' && connection.status === 'ENABLED' ? 'token' : null;
}

/** The text where a specification can say it: not empty, not too long, no blanks around it. */
function fitting(text: string, most: number): string | null {
  return text !== '' && text.length <= most && text.trim() === text ? text : null;
}

function oneOf<Value extends string>(values: readonly Value[], value: string | null): Value | null {
  return values.find((each) => each === value) ?? null;
}

function scalar(value: unknown): Exclude<Fact, readonly string[]> {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
