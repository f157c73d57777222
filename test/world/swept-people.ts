import { People } from './people.js';
import type { World } from './world.js';

/** How a person may stand in both orgs before a sweep. */
export const situations = [
  'entitled',
  'suspendedByHand',
  'unassigned',
  'idpUserDeactivated',
  'idpUserSuspended',
  'idpUserMissing',
  'administrator',
  'protected',
  'foreign',
  'unmanaged',
  'duplicate',
  'inactive',
  'expired',
] as const;
export type Situation = (typeof situations)[number];

/** Rules under which everybody whose right has ended is taken; who is suspended in the IdP org is suspended. */
export const takingRules = {
  idpUserMissing: 'deactivate',
  idpUserDeactivated: 'deactivate',
  idpUserSuspended: 'suspend',
  unassigned: 'deactivate',
  inactive: { days: 90, graceDays: 30, action: 'deactivate' },
  expired: { attribute: 'division', action: 'deactivate' },
  protect: ['svc-*'],
};

/** What the SP org shows of somebody once a sweep with these rules has ended well. */
export const rightfulStatus: Readonly<Record<Situation, string>> = {
  entitled: 'ACTIVE',
  suspendedByHand: 'SUSPENDED',
  unassigned: 'DEPROVISIONED',
  idpUserDeactivated: 'DEPROVISIONED',
  idpUserSuspended: 'SUSPENDED',
  idpUserMissing: 'DEPROVISIONED',
  administrator: 'ACTIVE',
  protected: 'ACTIVE',
  foreign: 'ACTIVE',
  unmanaged: 'ACTIVE',
  duplicate: 'ACTIVE',
  inactive: 'DEPROVISIONED',
  expired: 'DEPROVISIONED',
};

/** Brings people into the situations that a sweep meets, without the pushes by which Okta would end some of them. */
export class SweptPeople {
  private constructor(
    private readonly world: World,
    private readonly people: People,
  ) {}

  /** For a world whose federation is set up. */
  static async of(world: World): Promise<SweptPeople> {
    const people = new People(world);
    await people.know();
    return new SweptPeople(world, people);
  }

  /** Somebody new in this situation. @returns the login, of which everything before the @ is as given but for a prefix */
  async someone(name: string, situation: Situation): Promise<string> {
    const login = `${situation === 'protected' ? 'svc-' : ''}${name}@acme.example`;
    if (situation === 'foreign') {
      await this.people.inIdp(login);
      await this.people.inSp(login);
      return login;
    }
    if (situation === 'unmanaged') {
      const spId = await this.people.inSp(login);
      await this.world.spAdmin.put(`/api/v1/groups/${this.people.known('accessGroupId')}/users/${spId}`);
      return login;
    }
    const { spId } = await this.people.provisioned(login);
    await this.become(login, situation, spId);
    return login;
  }

  private async become(login: string, situation: Situation, spId: string): Promise<void> {
    const { idpAdmin, spAdmin } = this.world;
    switch (situation) {
      case 'suspendedByHand':
        await spAdmin.post(`/api/v1/users/${spId}/lifecycle/suspend`);
        return;
      case 'idpUserSuspended':
        return this.idpStatus(login, 'SUSPENDED');
      case 'unassigned':
      case 'protected':
        return this.unassign(login);
      case 'idpUserDeactivated':
        this.unassign(login);
        return this.idpStatus(login, 'DEPROVISIONED');
      case 'administrator':
        this.unassign(login);
        return this.people.role(spId);
      case 'idpUserMissing': {
        const idpId = this.idpUser(login).id;
        await spAdmin.post(`/api/v1/idps/${this.people.known('identityProviderId')}/users/${spId}`, {
          externalId: login,
        });
        this.unassign(login);
        await idpAdmin.post(`/api/v1/users/${idpId}/lifecycle/deactivate?sendEmail=false`);
        await idpAdmin.delete(`/api/v1/users/${idpId}`);
        return;
      }
      case 'duplicate': {
        const assignment = this.assignments().get(this.idpUser(login).id);
        if (assignment === undefined) throw new Error(`${login} is not assigned`);
        assignment.externalId = await this.people.inSp(`first-${login}`);
        return;
      }
      case 'inactive':
        this.world.sandbox.sp.org.users.add({ ...this.userOf('sp', login), created: '2020-01-01T00:00:00.000Z' });
        return this.lastSignOn(login, '2020-12-31T00:00:00.000Z');
      case 'expired':
        return this.plannedEnd(login, '2020-12-31');
      default:
    }
  }

  /** Takes the assignment away without the deactivation that Okta's push would bring. */
  unassign(login: string): void {
    this.assignments().delete(this.idpUser(login).id);
  }

  /** Gives the Org2Org app in the console, and waits until Okta has pushed. */
  assign(login: string): Promise<void> {
    return this.people.assign(this.idpUser(login).id);
  }

  /** Changes the status of the IdP user and nothing that would follow from it. */
  idpStatus(login: string, status: 'ACTIVE' | 'SUSPENDED' | 'DEPROVISIONED'): void {
    this.idpUser(login).status = status;
  }

  /** When the user has signed on to the SP org, the last time. */
  lastSignOn(login: string, at: string): void {
    this.userOf('sp', login).lastLogin = at;
  }

  /** Changes the planned end in the IdP profile, where the rule `expired` looks for it. */
  plannedEnd(login: string, day: string): void {
    this.idpUser(login).profile.division = day;
  }

  known(name: Parameters<People['known']>[0]): string {
    return this.people.known(name);
  }

  idpUser(login: string) {
    return this.userOf('idp', login);
  }

  private userOf(side: 'idp' | 'sp', login: string) {
    const { users, userIdsByLogin } = this.world.sandbox[side].org;
    const user = users.get(userIdsByLogin.get(login) ?? '');
    if (user === undefined) throw new Error(`the ${side === 'idp' ? 'IdP' : 'SP'} org has no user ${login}`);
    return user;
  }

  private assignments() {
    const held = this.world.sandbox.idp.org.appUsers.get(this.people.known('org2orgAppId'));
    if (held === undefined) throw new Error('there is no Org2Org app');
    return held;
  }
}
