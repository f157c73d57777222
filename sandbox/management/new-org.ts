import { newId, randomText } from '../core/ids.js';
import { Org, type OrgOptions } from '../core/org.js';
import type { App } from '../core/records.js';
import { systemActor } from '../core/system-log.js';
import { createApiToken } from './api-tokens.js';
import { addGroup } from './groups.js';
import { addMappings } from './mapping-store.js';
import { hashSecret } from './passwords.js';
import { addCatchAllRule, addPolicy, addRule, defaultPolicy } from './policy-store.js';
import { assignRole } from './roles.js';
import { addUser } from './user-store.js';
import { addUserType } from './user-types.js';

/** A new org and the first way into it. */
export interface NewOrg {
  readonly org: Org;
  /** Id of the super administrator `admin@{name}.example`. */
  readonly adminId: string;
  /** Value of the super administrator's SSWS token. */
  readonly token: string;
}

/** Password of the first administrator of each org. */
const adminPassword = 'Sandbox-Adm1n';

/** An org with what a new Okta org holds: the group Everyone, the default policies, Okta's own apps and one super administrator. */
export function newOrg(options: OrgOptions): NewOrg {
  const org = new Org(options);
  addUserType(org, {
    name: 'user',
    displayName: 'User',
    description: 'Okta user profile template with default permission settings',
    isDefault: true,
    createdBy: 'sprz9fj1ycBcsgopy1d6',
  });
  org.everyoneGroupId = addGroup(
    org,
    { name: 'Everyone', description: 'All users in your organization' },
    'BUILT_IN',
  ).id;
  addPolicies(org);
  addSystemApps(org);
  const admin = addUser(org, {
    profile: {
      firstName: 'Super',
      lastName: 'Admin',
      email: `admin@${org.name}.example`,
      login: `admin@${org.name}.example`,
    },
    typeId: org.userTypes.all()[0]?.id ?? '',
    provider: { type: 'OKTA', name: 'OKTA' },
    passwordHash: hashSecret(adminPassword),
    status: 'ACTIVE',
  });
  assignRole(org, 'user', admin.id, 'SUPER_ADMIN');
  const { value } = createApiToken(org, admin.id, 'sandbox', systemActor);
  return { org, adminId: admin.id, token: value };
}

function addPolicies(org: Org): void {
  const everyone = { people: { groups: { include: [org.everyoneGroupId] } } };
  const signOn = addPolicy(org, {
    type: 'OKTA_SIGN_ON',
    name: 'Default Policy',
    description: 'The default policy applies in all situations if no other policy applies.',
    system: true,
    conditions: everyone,
  });
  addRule(org, signOn, {
    type: 'SIGN_ON',
    name: 'Default Rule',
    system: true,
    conditions: { network: { connection: 'ANYWHERE' }, authContext: { authType: 'ANY' } },
    actions: {
      signon: {
        access: 'ALLOW',
        requireFactor: false,
        session: { usePersistentCookie: false, maxSessionIdleMinutes: 120, maxSessionLifetimeMinutes: 0 },
      },
    },
  });
  const password = addPolicy(org, {
    type: 'PASSWORD',
    name: 'Default Policy',
    description: 'The default policy applies in all situations if no other policy applies.',
    system: true,
    conditions: { ...everyone, authProvider: { provider: 'OKTA' } },
    settings: {
      password: {
        complexity: {
          minLength: 8,
          minLowerCase: 1,
          minUpperCase: 1,
          minNumber: 1,
          minSymbol: 0,
          excludeUsername: true,
          excludeAttributes: [],
          dictionary: { common: { exclude: false } },
        },
        age: { maxAgeDays: 0, expireWarnDays: 0, minAgeMinutes: 0, historyCount: 4 },
        lockout: {
          maxAttempts: 10,
          autoUnlockMinutes: 0,
          showLockoutFailures: false,
          userLockoutNotificationChannels: [],
        },
      },
      recovery: {
        factors: { okta_email: { status: 'ACTIVE', properties: { recoveryToken: { tokenLifetimeMinutes: 60 } } } },
      },
      delegation: { options: { skipUnlock: false } },
    },
  });
  const allow = { access: 'ALLOW' };
  addRule(org, password, {
    type: 'PASSWORD',
    name: 'Default Rule',
    system: true,
    conditions: { people: { users: { exclude: [] } }, network: { connection: 'ANYWHERE' } },
    actions: { passwordChange: allow, selfServicePasswordReset: allow, selfServiceUnlock: { access: 'DENY' } },
  });
  addPolicy(org, {
    type: 'MFA_ENROLL',
    name: 'Default Policy',
    description: 'The default policy applies in all situations if no other policy applies.',
    system: true,
    conditions: everyone,
    settings: { type: 'AUTHENTICATORS', authenticators: [{ key: 'okta_password', enroll: { self: 'REQUIRED' } }] },
  });
  const discovery = addPolicy(org, { type: 'IDP_DISCOVERY', name: 'Idp Discovery Policy', system: true });
  addRule(org, discovery, {
    type: 'IDP_DISCOVERY',
    name: 'Default Rule',
    system: true,
    conditions: { network: { connection: 'ANYWHERE' } },
    actions: { idp: { providers: [{ type: 'OKTA' }], idpSelectionType: 'SPECIFIC' } },
  });
  if (org.edition === 'v1') return;
  addCatchAllRule(org, addPolicy(org, { type: 'ACCESS_POLICY', name: 'Okta Admin Console' }));
  const access = addPolicy(org, {
    type: 'ACCESS_POLICY',
    name: 'Any two factors',
    description: 'Require two factors to access.',
    system: true,
  });
  addCatchAllRule(org, access);
  const single = addPolicy(org, {
    type: 'ACCESS_POLICY',
    name: 'Password only',
    description: 'Require only a password. Suggested for low risk or consumer-facing applications.',
  });
  addCatchAllRule(org, single);
  const enrollment = addPolicy(org, { type: 'PROFILE_ENROLLMENT', name: 'Default Policy', system: true });
  addCatchAllRule(org, enrollment);
}

/** Apps of Okta itself that are in every org. */
function addSystemApps(org: Org): void {
  for (const [name, label, link] of [
    ['saasure', 'Okta Admin Console', 'admin'],
    ['okta_browser_plugin', 'Okta Browser Plugin', 'login'],
    ['okta_enduser', 'Okta Dashboard', 'login'],
  ] as const) {
    addSystemApp(org, name, label, link);
  }
  const authenticator = addSystemApp(org, 'Okta_Authenticator', 'Okta Authenticator', 'login');
  addMappings(org, authenticator.id, { email: { expression: 'appuser.userName', pushStatus: 'DONT_PUSH' } }, {});
}

function addSystemApp(org: Org, name: string, label: string, link: string): App {
  const now = org.clock.iso();
  return org.apps.add({
    id: newId('0oa'),
    name,
    label,
    status: 'ACTIVE',
    signOnMode: 'OPENID_CONNECT',
    created: now,
    lastUpdated: now,
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: { autoSubmitToolbar: false, hide: { iOS: false, web: false }, appLinks: { [link]: true } },
    credentials: {
      userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' },
      signing: { kid: randomText(43) },
    },
    settings: {
      app: {},
      notifications: { vpn: { network: { connection: 'DISABLED' }, message: null, helpUrl: null } },
      manualProvisioning: false,
      implicitAssignment: false,
    },
    profile: null,
    features: [],
    externalKey: null,
    linkId: 'system',
    accessPolicyId: defaultPolicy(org, 'ACCESS_POLICY')?.id ?? null,
    clientSecrets: [],
  });
}
