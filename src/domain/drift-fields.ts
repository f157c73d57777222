import type { ResourceName } from './assessment.js';

/** What is known of an attribute of a resource: where the specification decides it, and whether security rests on it. */
interface FieldRule {
  readonly resource: ResourceName;
  /** The path, or its beginning where it ends with a dot. */
  readonly field: string;
  readonly specification?: string;
  readonly security?: true;
  /** What a person does about it, where no write brings it back. */
  readonly humanStep?: string;
}

/** Groups that have an app beyond the agreement: taking one off would take access from people, or deactivate them. */
const extraGroups: readonly FieldRule[] = [
  {
    resource: 'targetApp',
    field: 'groups.',
    specification: 'access.group',
    security: true,
    humanStep:
      'The members of this group have the target app, and nobody agreed to it. Ask who assigned it; changed says so. Take it from the app in the console of {org} once you know who loses access. If it is wanted, say so under ignore.',
  },
  {
    resource: 'assignments',
    field: 'groups.',
    specification: 'assignments.groups',
    security: true,
    humanStep:
      'The members of this group are provisioned, and nobody agreed to it. Ask who assigned it; changed says so. If it is wanted, name it under assignments.groups and PUT the specification. Else offboard those who should not be in the SP org, then take the group from the Org2Org app in the console of {org}: Okta may deactivate all its members at once.',
  },
];

/** First match counts. Not named: of no meaning for security, and the same in every federation. */
const rules: readonly FieldRule[] = [
  ...extraGroups,
  { resource: 'targetApp', field: 'label', specification: 'targetApp.label' },
  { resource: 'targetApp', field: 'name', specification: 'targetApp.name' },
  { resource: 'targetApp', field: 'settings.app.', specification: 'targetApp.settings.' },
  { resource: 'targetApp', field: 'credentials.userNameTemplate.template', security: true },
  { resource: 'org2orgApp', field: 'label', specification: 'org2orgApp.label' },
  { resource: 'org2orgApp', field: 'settings.app.baseUrl', specification: 'org2orgApp.baseUrl', security: true },
  { resource: 'org2orgApp', field: 'settings.signOn.', security: true },
  { resource: 'org2orgApp', field: 'credentials.userNameTemplate.template', security: true },
  { resource: 'org2orgApp', field: 'status', security: true },
  { resource: 'samlMetadata', field: 'x5t#S256', specification: 'certificate.kid', security: true },
  { resource: 'samlMetadata', field: 'credentials.signing.kid', specification: 'certificate.kid', security: true },
  { resource: 'samlMetadata', field: 'entityID', security: true },
  { resource: 'samlMetadata', field: 'SingleSignOnService', security: true },
  { resource: 'trustedCertificate', field: 'x5t#S256', specification: 'certificate.kid', security: true },
  { resource: 'identityProvider', field: 'name', specification: 'identityProvider.name' },
  { resource: 'identityProvider', field: 'policy.maxClockSkew', specification: 'identityProvider.maxClockSkew' },
  {
    resource: 'identityProvider',
    field: 'policy.subject.matchType',
    specification: 'identityProvider.subjectMatch',
    security: true,
  },
  {
    resource: 'identityProvider',
    field: 'policy.subject.filter',
    specification: 'identityProvider.subjectFilter',
    security: true,
  },
  {
    resource: 'identityProvider',
    field: 'policy.accountLink.action',
    specification: 'identityProvider.accountLink',
    security: true,
  },
  {
    resource: 'identityProvider',
    field: 'policy.provisioning.action',
    specification: 'identityProvider.jit',
    security: true,
  },
  {
    resource: 'identityProvider',
    field: 'protocol.credentials.trust.kid',
    specification: 'certificate.kid',
    security: true,
  },
  { resource: 'identityProvider', field: 'issuerMode', security: true },
  { resource: 'identityProvider', field: 'policy.', security: true },
  { resource: 'identityProvider', field: 'protocol.credentials.', security: true },
  { resource: 'identityProvider', field: 'protocol.algorithms.', security: true },
  { resource: 'identityProvider', field: 'protocol.endpoints.', security: true },
  { resource: 'identityProvider', field: '_links.acs.href', security: true },
  { resource: 'samlTrust', field: 'settings.app.', security: true },
  { resource: 'serviceClient', field: 'jwks_uri', security: true },
  { resource: 'serviceClient', field: 'jwks', security: true },
  { resource: 'serviceClient', field: 'application_type', security: true },
  { resource: 'serviceClient', field: 'token_endpoint_auth_method', security: true },
  { resource: 'serviceClient', field: 'grant_types', security: true },
  { resource: 'serviceClient', field: 'response_types', security: true },
  { resource: 'serviceClient', field: 'roles', security: true },
  { resource: 'serviceClient', field: 'grants', security: true },
  { resource: 'serviceClient', field: 'status', security: true },
  { resource: 'provisioningConnection', field: 'authScheme', specification: 'provisioning.auth', security: true },
  { resource: 'provisioningConnection', field: 'profile.token', specification: 'provisioning.token', security: true },
  { resource: 'provisioningConnection', field: 'profile.', security: true },
  { resource: 'provisioningConnection', field: 'status', security: true },
  {
    resource: 'provisioningFeatures',
    field: 'create.lifecycleCreate.status',
    specification: 'provisioning.features.create',
  },
  { resource: 'provisioningFeatures', field: 'update.profile.status', specification: 'provisioning.features.update' },
  {
    resource: 'provisioningFeatures',
    field: 'update.lifecycleDeactivate.status',
    specification: 'provisioning.features.deactivate',
    security: true,
  },
  { resource: 'assignments', field: 'assigned', specification: 'assignments' },
  { resource: 'assignments', field: 'credentials.userName', specification: 'assignments.users', security: true },
  { resource: 'accessGroup', field: 'profile.name', specification: 'access.group' },
  { resource: 'accessGroup', field: 'apps', specification: 'access.group' },
];

function ruleOf(resource: ResourceName, field: string): FieldRule | undefined {
  return rules.find(
    (rule) =>
      rule.resource === resource && (rule.field.endsWith('.') ? field.startsWith(rule.field) : rule.field === field),
  );
}

/** The field of the specification that decides an attribute; null for what is the same in every federation. */
export function specificationField(resource: ResourceName, field: string): string | null {
  const rule = ruleOf(resource, field);
  if (rule?.specification === undefined) return null;
  return rule.specification.endsWith('.') ? rule.specification + field.slice(rule.field.length) : rule.specification;
}

/** What a person does about an attribute that no write brings back; nothing where one does. */
export function humanStep(org: string, resource: ResourceName, field: string): { readonly fix?: string } {
  const step = ruleOf(resource, field)?.humanStep;
  return step === undefined ? {} : { fix: step.replaceAll('{org}', org) };
}

/**
 * Whether security rests on the attribute: who is matched with whom, linked and created; whose signature is trusted; where
 * assertions and users are sent; what the service client may do and how it signs in; who has either app; whether leavers are deactivated, which nothing does while the
 * app, its connection or the service client is off.
 */
export function isSecurityField(resource: ResourceName, field: string): boolean {
  return ruleOf(resource, field)?.security ?? false;
}
