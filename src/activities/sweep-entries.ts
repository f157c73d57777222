import type { SweepRules } from '../domain/sweep.js';
import type { SweepEntry } from '../ledger/sweep-reads.js';
import type { ApplicationUserWithUser } from '../okta/application-users.js';
import type { User } from '../okta/users.js';

const lower = (text: string | null | undefined): string | null => text?.toLowerCase() ?? null;

/** A user of the SP org as the ledger keeps it. */
export function spEntry(user: User): SweepEntry {
  const { id, status, created, lastLogin, profile } = user;
  return {
    id,
    login: lower(profile.login),
    email: lower(profile.email),
    status,
    created_at: created ?? null,
    last_login: lastLogin ?? null,
  };
}

/** The attribute that the rule `expired` names, as text; null if it is empty or no rule names one. */
function endDateOf({ profile }: User, { expired }: SweepRules): string | null {
  const value = expired === null ? null : profile[expired.attribute];
  return value === null || value === undefined || value === '' ? null : String(value);
}

/** An IdP user who was looked up by the name under which an SP user would be pushed. */
export function idpEntry(user: User, askedFor: string, rules: SweepRules): SweepEntry {
  const { id, status, profile } = user;
  return { id, login: profile.login, status, user_name: askedFor, end_date: endDateOf(user, rules) };
}

/** Nobody in the IdP org has the name. */
export function nobody(askedFor: string): SweepEntry {
  return { id: '', user_name: askedFor };
}

/** An assignment with its user. */
export function assignmentEntry(assigned: ApplicationUserWithUser, rules: SweepRules): SweepEntry {
  const { user } = assigned._embedded;
  return {
    id: assigned.id,
    login: user.profile.login,
    status: user.status,
    external_id: assigned.externalId ?? null,
    user_name: lower(assigned.credentials?.userName ?? user.profile.login),
    assignment_status: assigned.status,
    assignment_scope: assigned.scope ?? null,
    end_date: endDateOf(user, rules),
  };
}
