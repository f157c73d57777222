import type { Json } from '../core/records.js';

type Access = 'HIDE' | 'READ_ONLY' | 'READ_WRITE';

function attribute(title: string, access: Access, more: Json = {}): Json {
  return {
    title,
    type: 'string',
    mutability: 'READ_WRITE',
    scope: 'NONE',
    ...more,
    permissions: [{ principal: 'SELF', action: access }],
  };
}

/** The base attributes that every user has, as the schema of the default user type answers them. */
export const baseUserAttributes: Readonly<Record<string, Json>> = {
  login: attribute('Username', 'READ_ONLY', { required: true, minLength: 5, maxLength: 100 }),
  firstName: attribute('First name', 'READ_WRITE', { required: true, minLength: 1, maxLength: 50 }),
  lastName: attribute('Last name', 'READ_WRITE', { required: true, minLength: 1, maxLength: 50 }),
  middleName: attribute('Middle name', 'READ_ONLY'),
  honorificPrefix: attribute('Honorific prefix', 'READ_ONLY'),
  honorificSuffix: attribute('Honorific suffix', 'READ_ONLY'),
  email: attribute('Primary email', 'READ_WRITE', { required: true, format: 'email' }),
  title: attribute('Title', 'READ_ONLY'),
  displayName: attribute('Display name', 'READ_ONLY'),
  nickName: attribute('Nickname', 'READ_ONLY'),
  profileUrl: attribute('Profile Url', 'READ_ONLY', { format: 'uri' }),
  secondEmail: attribute('Secondary email', 'READ_WRITE', { format: 'email' }),
  mobilePhone: attribute('Mobile phone', 'READ_WRITE', { maxLength: 100 }),
  primaryPhone: attribute('Primary phone', 'HIDE', { maxLength: 100 }),
  streetAddress: attribute('Street address', 'HIDE'),
  city: attribute('City', 'HIDE'),
  state: attribute('State', 'HIDE'),
  zipCode: attribute('Zip code', 'HIDE'),
  countryCode: attribute('Country code', 'HIDE', { format: 'country-code' }),
  postalAddress: attribute('Postal Address', 'HIDE'),
  preferredLanguage: attribute('Preferred language', 'READ_ONLY', { format: 'language-code' }),
  locale: attribute('Locale', 'READ_ONLY', { format: 'locale' }),
  timezone: attribute('Time zone', 'READ_ONLY', { format: 'timezone' }),
  userType: attribute('User type', 'READ_ONLY'),
  employeeNumber: attribute('Employee number', 'READ_ONLY'),
  costCenter: attribute('Cost center', 'READ_ONLY'),
  organization: attribute('Organization', 'READ_ONLY'),
  division: attribute('Division', 'READ_ONLY'),
  department: attribute('Department', 'READ_ONLY'),
  managerId: attribute('ManagerId', 'READ_ONLY'),
  manager: attribute('Manager', 'READ_ONLY'),
};
