import type { Org } from '../../sandbox/core/org.js';
import type { App, Json, User } from '../../sandbox/core/records.js';
import type { Facts } from '../../src/domain/evidence.js';
import type { AssignmentView, BothSides, UserView } from '../../src/domain/user-lifecycle.js';
import { id } from './okta-admin.js';
import { problems } from './problems.js';
import { startWorld } from './start-world.js';
import { WorldUsers } from './users.js';
import { testUserPassword, type World, withoutPeople } from './world.js';

/** What both orgs hold of one user. */
export interface HeldUser extends BothSides {
  /** Groups of the IdP org that give the Org2Org app. */
  readonly givingGroups: readonly string[];
  readonly inAccessGroup: boolean;
  readonly targetApp: boolean;
  /** Administrator roles in the SP org. */
  readonly roles: readonly string[];
}

/** A federation that is set up, its users as both orgs hold them, and the hands of people in both consoles. */
export class FederatedWorld {
  readonly users: WorldUsers;
  readonly #org2orgApp: App;
  readonly #accessGroupId: string;

  constructor(readonly world: World) {
    this.users = new WorldUsers(world);
    const { idp, sp } = world.sandbox;
    this.#org2orgApp = found(idp.org.apps.find(({ name }) => name === 'okta_org2org'));
    this.#accessGroupId = found(sp.org.groups.find(({ profile }) => profile.name === 'Federated from acme')).id;
  }

  /** Starts a world with workers in this process and sets its federation up. */
  static async start(overrides: Record<string, unknown> = {}): Promise<FederatedWorld> {
    return FederatedWorld.in(await startWorld(), overrides);
  }

  /** Sets up the federation of a world that has workers. */
  static async in(world: World, overrides: Record<string, unknown> = {}): Promise<FederatedWorld> {
    const wrong = problems(await world.setUp(withoutPeople(overrides)));
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    await world.sandbox.idle();
    return new FederatedWorld(world);
  }

  /** A user of the IdP org who has no assignment; returns the id. */
  newcomer(login: string): Promise<string> {
    return this.world.idpAdmin.addUser(login, testUserPassword);
  }

  /** What both orgs hold of the user at this very moment. */
  held(login: string): HeldUser {
    const { idp, sp } = this.world.sandbox;
    const idpUser = userOf(idp.org, login);
    const spUser = userOf(sp.org, login);
    const targetApp = found(sp.org.apps.find(({ name }) => name === 'dropbox_for_business'));
    const giving = idp.org.appGroups.get(this.#org2orgApp.id);
    return {
      idp: viewOf(idpUser),
      sp: viewOf(spUser),
      assignment: this.#assignmentOf(idpUser?.id),
      givingGroups: groupsOf(idp.org, idpUser?.id)
        .filter((group) => giving?.has(group))
        .map((group) => String(idp.org.groups.get(group)?.profile.name)),
      inAccessGroup: groupsOf(sp.org, spUser?.id).includes(this.#accessGroupId),
      targetApp: sp.org.appUsers.get(targetApp.id)?.has(spUser?.id ?? '') ?? false,
      roles: sp.org.roleAssignments.filter((role) => role.principalId === spUser?.id).map((role) => String(role.type)),
    };
  }

  /** Both orgs' state of everybody but the users with these logins, to be compared with a later one. */
  everybodyBut(...logins: readonly string[]): unknown {
    const left = logins.map((login) => login.toLowerCase());
    const { idp, sp } = this.world.sandbox;
    return [idp.org, sp.org].map((org) =>
      structuredClone(
        org.users
          .filter((user) => !left.includes(String(user.profile.login).toLowerCase()))
          .map((user) => ({
            ...user,
            groups: groupsOf(org, user.id),
            apps: org.apps.all().flatMap((app) => org.appUsers.get(app.id)?.get(user.id) ?? []),
          })),
      ),
    );
  }

  /** How many users of each org have the login. */
  countOf(login: string): { readonly idp: number; readonly sp: number } {
    const { idp, sp } = this.world.sandbox;
    const count = ({ users }: Org) =>
      users.filter(({ profile }) => String(profile.login).toLowerCase() === login.toLowerCase()).length;
    return { idp: count(idp.org), sp: count(sp.org) };
  }

  /** Changes a user in a console, and waits until Okta has done what follows from it. */
  async inConsole(side: 'idp' | 'sp', login: string, what: ConsoleChange): Promise<void> {
    const { world } = this;
    const { org } = world.sandbox[side];
    const admin = side === 'idp' ? world.idpAdmin : world.spAdmin;
    const user = found(userOf(org, login)).id;
    const app = `/api/v1/apps/${this.#org2orgApp.id}/users`;
    const group = (name: string) => found(org.groups.find(({ profile }) => profile.name === name)).id;
    if ('profile' in what) await admin.post(`/api/v1/users/${user}`, { profile: what.profile });
    else if ('status' in what) await admin.post(`/api/v1/users/${user}/lifecycle/${what.status}?sendEmail=false`);
    else if ('joins' in what) await admin.put(`/api/v1/groups/${group(what.joins)}/users/${user}`);
    else if ('leaves' in what) await admin.delete(`/api/v1/groups/${group(what.leaves)}/users/${user}`);
    else if ('role' in what) await admin.post(`/api/v1/users/${user}/roles`, { type: what.role });
    else if (what.org2org === 'assign') await admin.post(app, { id: user, scope: 'USER' });
    else await admin.delete(`${app}/${user}`);
    await world.sandbox.idle();
  }

  /** Takes every administrator role of the SP org from the user. */
  async withoutRoles(login: string): Promise<void> {
    const { spAdmin, sandbox } = this.world;
    const user = found(userOf(sandbox.sp.org, login)).id;
    for (const role of sandbox.sp.org.roleAssignments.filter(({ principalId }) => principalId === user)) {
      await spAdmin.delete(`/api/v1/users/${user}/roles/${id(role)}`);
    }
  }

  stop(): Promise<void> {
    return this.world.stop();
  }

  #assignmentOf(userId: string | undefined): AssignmentView | null {
    const { org } = this.world.sandbox.idp;
    const held = org.appUsers.get(this.#org2orgApp.id)?.get(userId ?? '');
    if (held === undefined) return null;
    const { scope, status, syncState, externalId, userName, profile } = held;
    return { scope, status, syncState, externalId, userName, profile: factsOf(profile) };
  }
}

/** What a person may do to a user in a console. */
export type ConsoleChange =
  | { readonly profile: Readonly<Record<string, string>> }
  | { readonly status: 'activate' | 'deactivate' | 'suspend' | 'unsuspend' }
  | { readonly joins: string }
  | { readonly leaves: string }
  | { readonly org2org: 'assign' | 'unassign' }
  | { readonly role: string };

function userOf(org: Org, login: string): User | undefined {
  return org.users.get(org.userIdsByLogin.get(login.toLowerCase()) ?? '');
}

function groupsOf(org: Org, userId: string | undefined): readonly string[] {
  return [...(org.groupsOfUser.get(userId ?? '')?.all() ?? [])];
}

function viewOf(user: User | undefined): UserView | null {
  if (user === undefined) return null;
  const { login, ...profile } = user.profile;
  return {
    id: user.id,
    login: String(login),
    status: user.status,
    transitioningToStatus: user.transitioningToStatus,
    provider: user.provider.type,
    lastLogin: user.lastLogin,
    profile: factsOf(profile),
  };
}

function factsOf(profile: Json): Facts {
  return Object.fromEntries(
    Object.entries(profile).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : [],
    ),
  );
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the sandbox does not hold what the test expects');
  return value;
}
