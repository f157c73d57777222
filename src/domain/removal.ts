import type { Change, Decision, ResourceInput, ResourceName } from './assessment.js';
import { decision } from './changes.js';
import type { Problem } from './errors.js';

/** Resources that are objects of their own and can be removed. */
export type RemovableResource = Extract<
  ResourceName,
  'org2orgApp' | 'identityProvider' | 'trustedCertificate' | 'serviceClient' | 'accessGroup' | 'targetApp'
>;

/** What is to be removed. */
export interface Removal {
  readonly resource: RemovableResource;
  /** Okta's id of the object; null: the one that the federation knows. */
  readonly id: string | null;
  /** Whether it was created for the federation: what was there before may stay. */
  readonly made: boolean;
}

/** An object that is to be removed. */
export interface SeenRemovable {
  readonly id: string;
  readonly label: string;
  /** What must be switched off before it is deleted has a status; null for the rest. */
  readonly status: string | null;
  /** Why it stays; null if it may go. */
  readonly stays: string | null;
  /** What must be mended first. */
  readonly blocker: Problem | null;
}

/** Decides what takes an object away: switched off where it can be, then deleted. Null: it is gone. */
export function decideRemoval({ orgs }: ResourceInput, { resource }: Removal, seen: SeenRemovable | null): Decision {
  if (seen === null) return decision({ explanation: 'It is gone.' });
  const { id, label, status, stays, blocker } = seen;
  const observed = { label, status };
  if (stays !== null) return decision({ id, observed, explanation: `${label} stays: ${stays}.` });
  const org = resource === 'org2orgApp' ? orgs.idp.name : orgs.sp.name;
  const change = (write: string, summary: string, after: string | null): Change => ({
    org,
    resource,
    write,
    summary,
    fields: [{ field: 'status', before: write === 'delete' ? null : status, after }],
    reversible: write !== 'delete',
  });
  return decision({
    id,
    observed,
    changes: [
      ...(status === 'ACTIVE' ? [change('deactivate', `Switch ${label} off`, 'INACTIVE')] : []),
      change('delete', `Delete ${label}`, null),
    ],
    blockers: blocker === null ? [] : [blocker],
    explanation: `${label} is there.`,
  });
}

/** Why the access group stays; null if it may go. `people` are members who are not deactivated. */
export function accessGroupStays(made: boolean, people: number): string | null {
  if (!made) return 'it was not made for this federation';
  return people === 0 ? null : `${people} of its members are not deactivated, and have the target app through it`;
}

/** Why the target app stays; null if it may go. `users` and `groups` are those to whom it is assigned. */
export function targetAppStays(made: boolean, users: number, groups: number): string | null {
  if (!made) return 'it was not made for this federation';
  return users + groups === 0 ? null : `it is assigned to ${users} user(s) and ${groups} group(s)`;
}
