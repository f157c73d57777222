import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, Schema, User } from '../core/records.js';

const emailPattern = /^[^\s@]+@[^\s@]+$/;

/** The schema of a user type. */
export function schemaOfType(org: Org, typeId: string): Schema | undefined {
  const type = org.userTypes.get(typeId) ?? defaultUserType(org);
  return type === undefined ? undefined : org.userSchemas.get(type.schemaId);
}

/** The user type that users have if none is named. */
export function defaultUserType(org: Org) {
  return org.userTypes.find((type) => type.isDefault);
}

/**
 * Checks a profile against the schema of its user type and the rules that hold across users.
 *
 * @param user the user whose profile it will be, undefined for a new one
 * @returns the profile without empty attributes
 * @throws OktaError E0000001 with the first wrong field and all causes
 */
export function checkedProfile(org: Org, profile: Json, typeId: string, user?: User): Json {
  const schema = schemaOfType(org, typeId);
  const known: Readonly<Record<string, Json>> = { ...schema?.base, ...schema?.custom };
  const problems: [string, string][] = [];
  const checked: Json = {};
  for (const [name, value] of Object.entries(profile)) {
    const rule = known[name];
    if (rule === undefined) {
      problems.push([name, `${name}: The attribute is not defined in the user profile.`]);
      continue;
    }
    if (value === null || value === undefined || value === '') continue;
    const wrong = problemOf(name, value, rule);
    if (wrong !== undefined) problems.push([name, wrong]);
    checked[name] = value;
  }
  for (const [name, rule] of Object.entries(known)) {
    if (rule.required === true && checked[name] === undefined && !problems.some(([field]) => field === name)) {
      problems.push([name, `${name}: The field cannot be left blank`]);
    }
  }
  const login = checked.login;
  if (typeof login === 'string') {
    const owner = org.userIdsByLogin.get(login.toLowerCase());
    if (owner !== undefined && owner !== user?.id) {
      problems.push(['login', 'login: An object with this field already exists in the current organization']);
    }
  }
  for (const [name, rule] of Object.entries(schema?.custom ?? {})) {
    if (rule.unique !== 'UNIQUE_VALIDATED' || checked[name] === undefined) continue;
    if (org.users.all().some((other) => other.id !== user?.id && other.profile[name] === checked[name])) {
      problems.push([name, `${name}: An object with this field already exists in the current organization`]);
    }
  }
  const [first] = problems;
  if (first !== undefined)
    throw new OktaError(
      'E0000001',
      first[0],
      problems.map(([, cause]) => cause),
    );
  return checked;
}

function problemOf(name: string, value: unknown, rule: Json): string | undefined {
  const type = rule.type;
  const fits =
    type === 'array'
      ? Array.isArray(value)
      : type === 'number' || type === 'integer'
        ? typeof value === 'number'
        : typeof value === type;
  if (!fits) return `${name}: Invalid value type. Expected ${String(type)}.`;
  if (typeof value !== 'string') return undefined;
  if (name === 'login' && !emailPattern.test(value)) return 'login: Username must be in the form of an email address';
  if (rule.format === 'email' && !emailPattern.test(value)) return `${name}: Does not match required pattern`;
  const least = typeof rule.minLength === 'number' ? rule.minLength : 0;
  const most = typeof rule.maxLength === 'number' ? rule.maxLength : Number.POSITIVE_INFINITY;
  if (value.length < least) return `${name}: The field must be at least ${least} characters`;
  if (value.length > most) return `${name}: The field is too long, it must be at most ${most} characters`;
  return undefined;
}
