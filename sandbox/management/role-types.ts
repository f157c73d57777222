import type { PrincipalKind } from '../core/records.js';

/** Okta's standard administrator roles and their labels. */
export const roleLabels: Readonly<Record<string, string>> = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organization Administrator',
  APP_ADMIN: 'Application Administrator',
  USER_ADMIN: 'Group Administrator',
  GROUP_MEMBERSHIP_ADMIN: 'Group Membership Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
  READ_ONLY_ADMIN: 'Read-only Administrator',
  REPORT_ADMIN: 'Report Administrator',
  API_ACCESS_MANAGEMENT_ADMIN: 'API Access Management Administrator',
  MOBILE_ADMIN: 'Mobile Administrator',
  ACCESS_CERTIFICATIONS_ADMIN: 'Access Certifications Administrator',
  ACCESS_REQUESTS_ADMIN: 'Access Requests Administrator',
  WORKFLOWS_ADMIN: 'Workflows Administrator',
};

/** Roles that can be limited to groups or apps: their id is the name of the role, not that of the assignment. */
export const roleTargets: Readonly<Record<string, 'groups' | 'apps'>> = {
  APP_ADMIN: 'apps',
  USER_ADMIN: 'groups',
  GROUP_MEMBERSHIP_ADMIN: 'groups',
  HELP_DESK_ADMIN: 'groups',
};

/** Prefix of the ids of assignments, by who holds the role. */
export const assignmentPrefix: Readonly<Record<PrincipalKind, string>> = { user: 'ra1', group: 'gra', client: 'irb' };

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The id of a role that can have targets: its type in base32 without padding. */
export function encodedRoleId(type: string): string {
  const bits = [...Buffer.from(type)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => base32.charAt(Number.parseInt(group.padEnd(5, '0'), 2))).join('');
}
