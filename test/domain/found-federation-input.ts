import type { FederationSpec } from '../../src/domain/federation-spec.js';
import type { FoundPair } from '../../src/domain/found-federation.js';
import { connectionJwksUri, serviceClientRoles, serviceClientScopes } from '../../src/domain/service-client.js';
import { oktaUsername } from '../../src/domain/target-app.js';
import { federationInput } from './federation-input.js';

const issuer = 'http://www.okta.com/exk1';
const ssoUrl = 'https://acme.okta.com/app/okta_org2org/exk1/sso/saml';
const acsUrl = 'https://partner.okta.com/sso/saml2/0oaidp';
const audience = 'https://www.okta.com/saml2/service-provider/sp1';
const jwksUri = connectionJwksUri(federationInput({}, { org2orgAppId: '0oaorg2org' })) ?? '';
const on = (value: boolean) => (value ? 'ENABLED' : 'DISABLED');

/** What both orgs hold after a setup of the specification. */
export function foundAs({
  targetApp,
  org2orgApp,
  identityProvider,
  provisioning,
  assignments,
  access,
}: FederationSpec): FoundPair {
  const oauth2 = provisioning.auth === 'oauth2';
  const { create, update, deactivate } = provisioning.features;
  return {
    app: {
      app: {
        id: '0oaorg2org',
        label: org2orgApp.label,
        status: 'ACTIVE',
        signOnMode: 'SAML_2_0',
        userNameTemplate: oktaUsername,
        baseUrl: org2orgApp.baseUrl,
        acsUrl,
        audRestriction: audience,
        signingKid: 'k',
        overrides: {},
      },
      metadata: {
        issuer,
        ssoUrl,
        certificate: 'MII',
        thumbprint: 'thumb',
        expiresAt: '2099-01-01T00:00:00.000Z',
        daysLeft: 9999,
      },
      connection: { status: 'ENABLED', authScheme: oauth2 ? 'OAUTH2' : 'TOKEN', clientId: oauth2 ? '0oaclient' : null },
      features: { create: on(create), update: on(update), deactivate: on(deactivate) },
      jwksUri,
      groups: assignments.groups,
      users: assignments.users,
    },
    provider: {
      id: '0oaidp',
      name: identityProvider.name,
      status: 'ACTIVE',
      issuer,
      ssoUrl,
      destination: ssoUrl,
      binding: 'HTTP-POST',
      kid: 'kid-1',
      audience,
      acsUrl,
      acsType: 'INSTANCE',
      accountLink: identityProvider.accountLink,
      subjectTemplate: 'idpuser.subjectNameId',
      subjectMatch: identityProvider.subjectMatch,
      subjectFilter: identityProvider.subjectFilter,
      jit: identityProvider.jit ? 'AUTO' : 'DISABLED',
      profileMaster: false,
      deprovisionedAction: 'NONE',
      suspendedAction: 'NONE',
      maxClockSkew: identityProvider.maxClockSkew,
    },
    key: { kid: 'kid-1', thumbprint: 'thumb', expiresAt: null },
    clients: [
      {
        id: '0oaclient',
        label: 'Org2Org provisioning from acme',
        status: 'ACTIVE',
        jwksUri,
        roles: [...serviceClientRoles],
        scopes: [...serviceClientScopes],
      },
    ],
    target: {
      id: '0oatarget',
      name: targetApp.name,
      label: targetApp.label,
      status: 'ACTIVE',
      signOnMode: 'SAML_2_0',
      features: [],
      userNameTemplate: oktaUsername,
      settings: targetApp.settings,
    },
    group: { id: '00ggroup', name: access.group, type: 'OKTA_GROUP', assigned: true },
  };
}
