import { z } from 'zod';
import type { Org } from '../core/org.js';
import type { Group } from '../core/records.js';
import { systemActor } from '../core/system-log.js';
import { createApp } from '../management/apps.js';
import { joinGroup } from '../management/group-members.js';
import { createGroup, findGroupByName } from '../management/groups.js';
import { hashSecret } from '../management/passwords.js';
import { checkedProfile, defaultUserType } from '../management/user-profile.js';
import { addUser, findUserByLogin } from '../management/user-store.js';
import { federateByHand, HandMadeFederation } from './hand-made-federation.js';
import type { RunningSandbox } from './running-sandbox.js';
import { linkProvisioned, ProvisionedUsers } from './seed-provisioned.js';

const statuses = ['STAGED', 'PROVISIONED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'LOCKED_OUT'] as const;

const SeedUser = z.strictObject({
  login: z.string().min(1),
  email: z.string().optional(),
  firstName: z.string().default('Test'),
  lastName: z.string().default('User'),
  /** Any other attribute of the profile. */
  profile: z.record(z.string(), z.unknown()).default({}),
  password: z.string().optional(),
  status: z.enum(statuses).default('ACTIVE'),
  groups: z.array(z.string()).default([]),
});

const ManyUsers = z.strictObject({
  count: z.number().int().min(1).max(1_000_000),
  /** The logins are `{prefix}{number}@{domain}`, counted from 1. */
  prefix: z.string().min(1).default('user'),
  domain: z.string().min(1).default('idp.example'),
  password: z.string().optional(),
  status: z.enum(statuses).default('ACTIVE'),
  groups: z.array(z.string()).default([]),
});

/** What is put into one org, without log and events, as if it had always been there. */
export const Seed = z.strictObject({
  org: z.enum(['idp', 'sp']),
  groups: z.array(z.strictObject({ name: z.string().min(1), description: z.string().default('') })).default([]),
  users: z.array(SeedUser).default([]),
  manyUsers: ManyUsers.optional(),
  /** Bodies as for `POST /api/v1/apps`. */
  apps: z.array(z.record(z.string(), z.unknown())).default([]),
  /** Users in both orgs who were provisioned long ago; `org` must be `idp`. */
  provisionedUsers: ProvisionedUsers.optional(),
  /** Federations of both orgs, set up as a person would do it by hand. */
  federations: z.array(HandMadeFederation).default([]),
});
export type Seed = z.output<typeof Seed>;

/** Ids of what was made; of many users only how many they are. */
export interface SeedAnswer {
  readonly groups: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, string>>;
  readonly manyUsers: number;
  readonly apps: Readonly<Record<string, string>>;
  readonly federations: readonly Readonly<Record<string, string>>[];
  readonly provisionedUsers: number;
}

export async function seed(sandbox: RunningSandbox, wanted: Seed): Promise<SeedAnswer> {
  const { org } = sandbox[wanted.org];
  const groups = Object.fromEntries(
    wanted.groups.map((profile) => [
      profile.name,
      (findGroupByName(org, profile.name) ?? createGroup(org, { profile }, systemActor)).id,
    ]),
  );
  const users = seedUsers(org, wanted.users);
  const manyUsers = wanted.manyUsers === undefined ? 0 : seedManyUsers(org, wanted.manyUsers);
  const apps: Record<string, string> = {};
  for (const body of wanted.apps) {
    const app = await createApp(org, body, systemActor);
    apps[app.label] = app.id;
  }
  const federations: Record<string, string>[] = [];
  for (const federation of wanted.federations) federations.push(await federateByHand(sandbox, federation));
  const provisionedUsers =
    wanted.provisionedUsers === undefined ? 0 : seedProvisioned(sandbox, wanted.provisionedUsers);
  return { groups, users, manyUsers, apps, federations, provisionedUsers };
}

function seedProvisioned({ idp, sp }: RunningSandbox, wanted: ProvisionedUsers): number {
  const { count, prefix, domain, groups } = wanted;
  seedManyUsers(idp.org, ManyUsers.parse({ count, prefix, domain }));
  seedManyUsers(sp.org, ManyUsers.parse({ count, prefix, domain, groups }));
  return linkProvisioned(idp.org, sp.org, wanted);
}

function seedUsers(org: Org, users: readonly z.output<typeof SeedUser>[]): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const user of users)
    ids[user.login] = seedUser(org, user, passwordHash(user.password), groupsOf(org, user.groups), true);
  return ids;
}

function seedManyUsers(org: Org, many: z.output<typeof ManyUsers>): number {
  const hash = passwordHash(many.password);
  const groups = groupsOf(org, many.groups);
  for (let number = 1; number <= many.count; number += 1) {
    const login = `${many.prefix}${number}@${many.domain}`;
    const user = {
      login,
      email: login,
      firstName: many.prefix,
      lastName: String(number),
      profile: {},
      status: many.status,
    };
    seedUser(org, user, hash, groups, false);
  }
  return many.count;
}

type NewUser = Pick<z.output<typeof SeedUser>, 'login' | 'email' | 'firstName' | 'lastName' | 'profile' | 'status'>;

function seedUser(org: Org, user: NewUser, hash: string | null, groups: readonly Group[], check: boolean): string {
  const known = findUserByLogin(org, user.login);
  if (known !== undefined) return known.id;
  const { login, email = login, firstName, lastName, status } = user;
  const typeId = defaultUserType(org)?.id ?? '';
  const given = { firstName, lastName, email, login, ...user.profile };
  const profile = check ? checkedProfile(org, given, typeId) : { ...given, mobilePhone: null, secondEmail: null };
  const provider = { type: 'OKTA', name: 'OKTA' } as const;
  const { id } = addUser(org, { profile, typeId, provider, passwordHash: hash, status });
  for (const group of groups) joinGroup(org, group, id);
  return id;
}

function groupsOf(org: Org, names: readonly string[]): Group[] {
  return names.map(
    (name) => findGroupByName(org, name) ?? createGroup(org, { profile: { name, description: '' } }, systemActor),
  );
}

function passwordHash(password: string | undefined): string | null {
  return password === undefined ? null : hashSecret(password);
}
