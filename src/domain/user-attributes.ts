import type { Check } from './check.js';
import type { Fact, Facts } from './evidence.js';
import type { AssignmentView, Profile, UserView } from './user-lifecycle.js';

/** Attributes of an assignment that steer provisioning and are none of the user in the SP org. */
const steering: readonly string[] = ['initialStatus', 'managerId'];

/** The value as evidence may keep it; undefined for what is absent or has a structure of its own. */
function fact(value: unknown): Fact | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((entry): entry is string => typeof entry === 'string')) return value;
  return undefined;
}

/** A profile as reports show it: the attributes that have a value. */
export function profileFacts(profile: Readonly<Record<string, unknown>>): Facts {
  const entries = Object.entries(profile).flatMap(([name, value]): [string, Fact][] => {
    const found = fact(value);
    return found === undefined ? [] : [[name, found]];
  });
  return Object.fromEntries(entries);
}

/** What the SP org must show of an assignment: the profile that the app's mapping made, and the user name as login. */
export function pushedProfile(assignment: AssignmentView): Facts {
  const mapped = Object.entries(assignment.profile).filter(([name]) => !steering.includes(name));
  return { ...Object.fromEntries(mapped), ...(assignment.userName === null ? {} : { login: assignment.userName }) };
}

/**
 * What the SP org must show after an update: the changed attributes that the app's mapping passes on as they are. An
 * attribute counts as such where the assignment held the same value as the user before the change.
 */
export function expectedAfterUpdate(before: UserView, assignment: AssignmentView, changes: Profile): Facts {
  const passedOn = Object.entries(changes).flatMap(([name, value]): [string, Fact][] => {
    if (name === 'login' || value === null) return [];
    const unset = before.profile[name] === undefined && assignment.profile[name] === undefined;
    const same = JSON.stringify(assignment.profile[name]) === JSON.stringify(before.profile[name]);
    return same && !unset ? [[name, value]] : [];
  });
  const { login } = changes;
  const follows = assignment.userName?.toLowerCase() === before.login.toLowerCase();
  return { ...Object.fromEntries(passedOn), ...(typeof login === 'string' && follows ? { login } : {}) };
}

function same(name: string, expected: Fact, found: Fact | undefined): boolean {
  if (name === 'login' || name === 'email') return String(expected).toLowerCase() === String(found).toLowerCase();
  return JSON.stringify(expected) === JSON.stringify(found);
}

/** Names of the attributes that the SP org does not show as expected. */
export function differingAttributes(expected: Facts, user: UserView): string[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    same(name, value, name === 'login' ? user.login : user.profile[name]) ? [] : [name],
  );
}

/** Compares the SP user with what was pushed, attribute by attribute. */
export function checkAttributes(assignment: AssignmentView, user: UserView): Check {
  const expected = pushedProfile(assignment);
  const names = Object.keys(expected);
  const differing = differingAttributes(expected, user);
  return {
    name: 'attributes',
    statement: 'The SP org shows every attribute as the IdP org pushes it',
    result: differing.length === 0 ? 'passed' : 'failed',
    detail: differing.length === 0 ? names.join(', ') : `${differing.join(', ')} differ`,
    fix:
      differing.length === 0
        ? null
        : 'Find out who else changes the profile in the SP org (profile sources, System Log), then send the command again.',
    evidence: [],
  };
}
