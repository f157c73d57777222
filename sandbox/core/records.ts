/** A part of an object that the sandbox keeps as it was sent. */
export type Json = Record<string, unknown>;

export type UserStatus =
  | 'STAGED'
  | 'PROVISIONED'
  | 'ACTIVE'
  | 'RECOVERY'
  | 'PASSWORD_EXPIRED'
  | 'LOCKED_OUT'
  | 'SUSPENDED'
  | 'DEPROVISIONED';

export interface CredentialProvider {
  readonly type: 'OKTA' | 'FEDERATION' | 'IMPORT' | 'ACTIVE_DIRECTORY' | 'LDAP' | 'SOCIAL';
  readonly name: string;
}

/** A user of the org. Times are ISO texts. */
export interface User {
  readonly id: string;
  status: UserStatus;
  transitioningToStatus: UserStatus | null;
  readonly created: string;
  activated: string | null;
  statusChanged: string | null;
  lastLogin: string | null;
  lastUpdated: string;
  passwordChanged: string | null;
  typeId: string;
  profile: Json;
  provider: CredentialProvider;
  /** Hash of the password, see `hashPassword`; null if none is set. */
  passwordHash: string | null;
  recoveryQuestion: { question: string; answer: string } | null;
  /** Id of the app or identity provider that masters the profile; null if Okta does. */
  masteredBy: string | null;
  failedSignIns: number;
}

export type GroupType = 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';

export interface Group {
  readonly id: string;
  readonly type: GroupType;
  readonly created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
  profile: Json;
  /** App that the group was imported from or pushed by; null for a group of the org itself. */
  sourceAppId: string | null;
}

export interface GroupRule {
  readonly id: string;
  name: string;
  status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  readonly created: string;
  lastUpdated: string;
  conditions: Json;
  groupIds: string[];
  allGroupsValid: boolean;
}

export type SignOnMode =
  | 'SAML_2_0'
  | 'SAML_1_1'
  | 'OPENID_CONNECT'
  | 'BOOKMARK'
  | 'AUTO_LOGIN'
  | 'BROWSER_PLUGIN'
  | 'SECURE_PASSWORD_STORE'
  | 'BASIC_AUTH'
  | 'WS_FEDERATION';

/** An app instance. `settings`, `credentials` and so on are kept in the shape in which Okta answers them. */
export interface App {
  readonly id: string;
  name: string;
  label: string;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETED';
  signOnMode: SignOnMode | null;
  readonly created: string;
  lastUpdated: string;
  accessibility: Json;
  visibility: Json;
  credentials: Json;
  settings: Json;
  profile: Json | null;
  /** Names of the features that provisioning has switched on, as `features` of the app answers them. */
  features: string[];
  /** The `exk…` id of SAML and WS-Fed apps: part of the issuer and of the sign-on URL; null for others. */
  readonly externalKey: string | null;
  /** Last segment of the embed link. */
  readonly linkId: string;
  accessPolicyId: string | null;
  /** Secrets of an OIDC client: their values stay here. */
  readonly clientSecrets: {
    id: string;
    secret: string;
    status: 'ACTIVE' | 'INACTIVE';
    created: string;
    lastUpdated: string;
  }[];
}

export type AppUserStatus =
  | 'ACTIVE'
  | 'STAGED'
  | 'PROVISIONED'
  | 'SUSPENDED'
  | 'DEPROVISIONED'
  | 'INACTIVE'
  | 'PENDING'
  | 'REVOKED';

export type SyncState = 'DISABLED' | 'ERROR' | 'OUT_OF_SYNC' | 'SYNCHRONIZED' | 'SYNCING';

/** The assignment of a user to an app. `id` is the user's id. */
export interface AppUser {
  readonly id: string;
  readonly appId: string;
  externalId: string | null;
  readonly created: string;
  lastUpdated: string;
  /** GROUP if the assignment comes from a group assignment only. */
  scope: 'USER' | 'GROUP';
  status: AppUserStatus;
  statusChanged: string | null;
  passwordChanged: string | null;
  syncState: SyncState;
  lastSync: string | null;
  userName: string | null;
  passwordSet: boolean;
  profile: Json;
}

/** The assignment of a group to an app. `id` is the group's id. */
export interface AppGroup {
  readonly id: string;
  readonly appId: string;
  priority: number;
  lastUpdated: string;
  profile: Json;
}

/** A key pair with its certificate, made by the org. */
export interface SigningKey {
  readonly kid: string;
  readonly created: string;
  readonly lastUpdated: string;
  readonly expiresAt: string;
  /** Private key in PKCS #8 PEM; never part of an answer. */
  readonly privateKeyPem: string;
  /** Certificate in base64 DER. */
  readonly certificate: string;
  readonly x5tS256: string;
  readonly n: string;
  readonly e: string;
}

/** A certificate of an identity provider that was uploaded to the org. `id` is the kid. */
export interface TrustedKey {
  readonly id: string;
  readonly created: string;
  lastUpdated: string;
  expiresAt: string;
  certificate: string;
  x5tS256: string;
  n: string;
  e: string;
}

/** An identity provider. `protocol` and `policy` are kept in the shape in which Okta answers them. */
export interface IdentityProvider {
  readonly id: string;
  type: string;
  name: string;
  status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  lastUpdated: string;
  issuerMode: string;
  properties: unknown;
  protocol: Json;
  policy: Json;
  /** Audience (entity id of the org as service provider) that the org gave to this identity provider. */
  readonly audience: string;
}

/** The link between a user and an identity provider. `id` is the user's id. */
export interface IdentityProviderUser {
  readonly id: string;
  readonly idpId: string;
  externalId: string;
  readonly created: string;
  lastUpdated: string;
  profile: Json;
}

export interface Grant {
  readonly id: string;
  readonly appId: string;
  readonly scopeId: string;
  readonly issuer: string;
  readonly created: string;
  lastUpdated: string;
  readonly createdBy: string;
  /** Id of the user who consented; null where an administrator granted it to the client itself. */
  readonly userId: string | null;
  readonly source: 'ADMIN' | 'END_USER';
}

export type PrincipalKind = 'user' | 'group' | 'client';

/** A standard or custom administrator role of a user, group or client. */
export interface RoleAssignment {
  /** Unique in the org. `roleId`, if there, is what Okta answers as id: the same for all holders. */
  readonly id: string;
  readonly roleId?: string;
  readonly principalKind: PrincipalKind;
  readonly principalId: string;
  readonly type: string;
  readonly created: string;
  lastUpdated: string;
  readonly targetGroupIds: string[];
  /** Catalog apps (`facebook`) or instances of one (`facebook` with an app id) that the role is limited to. */
  readonly targetApps: { readonly name: string; readonly appId: string | null }[];
  readonly resourceSet: string | null;
  readonly customRole: string | null;
}

/** A permission of a custom role, for example `okta.users.read`. */
export interface RolePermission {
  readonly label: string;
  conditions: Json | null;
  readonly created: string;
  lastUpdated: string;
}

/** A role that an administrator made. */
export interface CustomRole {
  readonly id: string;
  label: string;
  description: string;
  readonly created: string;
  lastUpdated: string;
  readonly permissions: RolePermission[];
}

/** Something that a resource set holds, by its Okta resource name or its address. */
export interface SetResource {
  readonly id: string;
  readonly name: string;
  conditions: Json | null;
  readonly created: string;
  lastUpdated: string;
}

/** The objects of the org that a custom role is bound to. */
export interface ResourceSet {
  readonly id: string;
  label: string;
  description: string;
  readonly created: string;
  lastUpdated: string;
  readonly resources: SetResource[];
}

export interface ApiToken {
  readonly id: string;
  name: string;
  readonly userId: string;
  readonly created: string;
  lastUpdated: string;
  expiresAt: string;
  clientName: string;
  network: Json;
  /** SHA-256 of the token's value in base64. */
  readonly valueHash: string;
}

export interface Policy {
  readonly id: string;
  readonly type: string;
  name: string;
  description: string | null;
  status: 'ACTIVE' | 'INACTIVE';
  priority: number;
  readonly system: boolean;
  readonly created: string;
  lastUpdated: string;
  conditions: Json | null;
  settings: Json | null;
  readonly rules: PolicyRule[];
}

export interface PolicyRule {
  readonly id: string;
  type: string;
  name: string;
  status: 'ACTIVE' | 'INACTIVE';
  priority: number;
  readonly system: boolean;
  readonly created: string;
  lastUpdated: string;
  conditions: Json | null;
  actions: Json;
}

/** The provisioning connection of an app. `id` is the app's id. */
export interface Connection {
  readonly id: string;
  authScheme: 'TOKEN' | 'OAUTH2' | 'UNKNOWN';
  status: 'ENABLED' | 'DISABLED' | 'UNKNOWN';
  baseUrl: string | null;
  /** SSWS token of the other org; never part of an answer. */
  token: string | null;
  clientId: string | null;
  rotationMode: 'AUTO' | 'MANUAL' | null;
}

/** What verification of a connection's credential says. */
export type ConnectionVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export interface ProfileMapping {
  readonly id: string;
  readonly source: { readonly id: string; readonly type: 'user' | 'appuser' };
  readonly target: { readonly id: string; readonly type: 'user' | 'appuser' };
  readonly properties: Record<string, { expression: string; pushStatus: 'PUSH' | 'DONT_PUSH' }>;
}

export interface EventHook {
  readonly id: string;
  name: string;
  description: string | null;
  status: 'ACTIVE' | 'INACTIVE';
  verificationStatus: 'UNVERIFIED' | 'VERIFIED';
  readonly created: string;
  readonly createdBy: string;
  lastUpdated: string;
  events: { type: string; items: string[]; filter: unknown };
  channel: Json;
  /** Value of the `authScheme` header; never part of an answer. */
  secret: string | null;
}

export interface GroupPushMapping {
  readonly id: string;
  readonly appId: string;
  readonly sourceGroupId: string;
  targetGroupId: string | null;
  targetGroupName: string | null;
  status: 'ACTIVE' | 'INACTIVE' | 'ERROR';
  errorSummary: string | null;
  readonly created: string;
  lastUpdated: string;
  lastPush: string | null;
}

export interface UserType {
  readonly id: string;
  readonly schemaId: string;
  name: string;
  displayName: string;
  description: string | null;
  readonly isDefault: boolean;
  readonly created: string;
  readonly createdBy: string;
  lastUpdated: string;
  lastUpdatedBy: string;
}

/** Schema of a user type, of app users or of groups. `id` is the schema id or the app id. */
export interface Schema {
  readonly id: string;
  readonly created: string;
  lastUpdated: string;
  custom: Record<string, Json>;
  base: Record<string, Json>;
}

/** A signed-in browser of a person. `id` is the value of the session cookie. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly created: string;
  /** Milliseconds by the org's clock. */
  expiresAt: number;
  /** Identity provider that signed the person in; null if the org itself did. */
  readonly idpId: string | null;
}
