import type { Org } from '../core/org.js';
import type { App, Json, User } from '../core/records.js';
import { fullName } from '../core/routing.js';
import { evaluate } from './expressions.js';

type Properties = Record<string, { expression: string; pushStatus: 'PUSH' | 'DONT_PUSH' }>;

const oidcAttributes = [
  'street_address',
  'country',
  'website',
  'zoneinfo',
  'birthdate',
  'gender',
  'formatted',
  'profile',
  'locality',
  'given_name',
  'middle_name',
  'locale',
  'picture',
  'name',
  'nickname',
  'phone_number',
  'region',
  'postal_code',
  'family_name',
  'email',
];

/** Attributes that Org2Org writes into the other org, besides the user name. */
const org2orgAttributes = [
  'firstName',
  'lastName',
  'middleName',
  'email',
  'secondEmail',
  'displayName',
  'nickName',
  'title',
  'mobilePhone',
  'primaryPhone',
  'city',
  'state',
  'zipCode',
  'countryCode',
  'department',
  'division',
  'organization',
  'employeeNumber',
  'costCenter',
  'manager',
  'managerId',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
];

const catalogAttributes: Readonly<Record<string, readonly string[]>> = {
  okta_org2org: [...org2orgAttributes, 'initialStatus'],
  dropbox_for_business: ['email', 'firstName', 'lastName', 'role'],
};

/** Attributes of an app's users, as far as the app has any. */
export function appUserAttributes(app: App): readonly string[] {
  if (app.signOnMode === 'OPENID_CONNECT') return oidcAttributes;
  return catalogAttributes[app.name] ?? [];
}

/** The mapping from user to app that a new app has. */
export function defaultAppMapping(app: App): Properties {
  const attributes = appUserAttributes(app).filter((name) => name !== 'initialStatus' && name !== 'role');
  if (app.signOnMode === 'OPENID_CONNECT') return {};
  return Object.fromEntries(
    attributes.map((name) => [name, { expression: `user.${name}`, pushStatus: 'PUSH' as const }]),
  );
}

/** The profile of an app user as the app's mapping makes it from the user. */
export function mappedAppProfile(org: Org, app: App, user: User, userName: string): Json {
  if (app.signOnMode === 'OPENID_CONNECT') return oidcProfile(user);
  const profile: Json = Object.fromEntries(appUserAttributes(app).map((name) => [name, null]));
  const mapping = org.mappings.find((entry) => entry.target.id === app.id && entry.source.type === 'user');
  const context = { user: { ...user.profile, userName }, source: user.profile };
  for (const [name, { expression }] of Object.entries(mapping?.properties ?? {}))
    profile[name] = evaluate(expression, context);
  return profile;
}

function oidcProfile(user: User): Json {
  const { profile } = user;
  return {
    ...Object.fromEntries(oidcAttributes.map((name) => [name, null])),
    zoneinfo: profile.timezone ?? 'America/Los_Angeles',
    given_name: profile.firstName ?? null,
    middle_name: profile.middleName ?? null,
    family_name: profile.lastName ?? null,
    name: profile.displayName ?? fullName(profile),
    nickname: profile.nickName ?? null,
    locale: profile.locale ?? 'en_US',
    profile: profile.profileUrl ?? null,
    phone_number: profile.primaryPhone ?? null,
    email: profile.email ?? null,
  };
}
