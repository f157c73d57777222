import { z } from 'zod';
import type { KnownValues } from '../../src/domain/assessment.js';
import { setPath } from '../../src/domain/identity-provider.js';
import { id } from './okta-admin.js';
import { federationId, testUserPassword, type World } from './world.js';

const JsonObject = z.record(z.string(), z.unknown());
const Assigned = z.object({ status: z.string(), externalId: z.string().nullish(), scope: z.string().nullish() });
const Someone = z.looseObject({ id: z.string(), status: z.string(), profile: z.record(z.string(), z.unknown()) });

/** What a person with a console does to users of a world whose federation is set up. */
export class People {
  #known: KnownValues = {};

  constructor(private readonly world: World) {}

  /** Reads the ids of the federation: after its setup. */
  async know(): Promise<void> {
    this.#known = (await this.world.federations.get(federationId)).known;
  }

  known(name: keyof KnownValues): string {
    const value = this.#known[name];
    if (typeof value !== 'string') throw new Error(`${name} is not known`);
    return value;
  }

  /** An active user of the IdP org; returns the id. */
  inIdp(login: string): Promise<string> {
    return this.world.idpAdmin.addUser(login, testUserPassword);
  }

  /** An active user of the SP org who is not there because of the federation; returns the id. */
  inSp(login: string): Promise<string> {
    return this.world.spAdmin.addUser(login, testUserPassword);
  }

  /** The user with this login or id, null if the org has none. */
  async find(side: 'idp' | 'sp', loginOrId: string): Promise<z.output<typeof Someone> | null> {
    const admin = side === 'idp' ? this.world.idpAdmin : this.world.spAdmin;
    const answer = await admin.get(`/api/v1/users/${encodeURIComponent(loginOrId)}`).catch(() => null);
    return answer === null ? null : Someone.parse(answer);
  }

  /** The user's assignment to the Org2Org app, null if there is none. */
  async assignment(userId: string): Promise<z.output<typeof Assigned> | null> {
    const answer = await this.world.idpAdmin.get(this.#assignmentPath(userId)).catch(() => null);
    return answer === null ? null : Assigned.parse(answer);
  }

  /** Assigns the Org2Org app by hand, and waits until Okta has tried to push. */
  async assign(userId: string): Promise<void> {
    const body = { id: userId, scope: 'USER', profile: { initialStatus: 'active_with_pass' } };
    await this.world.idpAdmin.post(`/api/v1/apps/${this.known('org2orgAppId')}/users`, body);
    await this.world.sandbox.idle();
  }

  /** A user who has the Org2Org app and, in the SP org, the access group: as if onboarded. */
  async provisioned(login: string): Promise<{ readonly idpId: string; readonly spId: string }> {
    const idpId = await this.inIdp(login);
    await this.assign(idpId);
    const spId = (await this.find('sp', login))?.id ?? '';
    await this.world.spAdmin.put(`/api/v1/groups/${this.known('accessGroupId')}/users/${spId}`);
    await this.world.sandbox.idle();
    return { idpId, spId };
  }

  /** A group that gives the Org2Org app and that the federation knows nothing of. */
  async strangeGroup(name: string, members: readonly string[]): Promise<string> {
    const groupId = await this.world.idpAdmin.addGroup(name, members);
    await this.world.idpAdmin.put(`/api/v1/apps/${this.known('org2orgAppId')}/groups/${groupId}`);
    await this.world.sandbox.idle();
    return groupId;
  }

  async role(spId: string, type = 'USER_ADMIN'): Promise<void> {
    await this.world.spAdmin.post(`/api/v1/users/${spId}/roles`, { type });
  }

  async connection(write: 'activate' | 'deactivate'): Promise<void> {
    const app = this.known('org2orgAppId');
    await this.world.idpAdmin.post(`/api/v1/apps/${app}/connections/default/lifecycle/${write}`);
  }

  /** Links an SP user to another identity provider. */
  async linkElsewhere(spId: string): Promise<void> {
    const own = await this.world.spAdmin.get(`/api/v1/idps/${this.known('identityProviderId')}`);
    const body = { ...JsonObject.parse(own), name: `Another one for ${spId}` };
    setPath(body, 'protocol.credentials.trust.issuer', `https://issuer.example/${spId}`);
    const other = id(await this.world.spAdmin.post('/api/v1/idps', body));
    await this.world.spAdmin.post(`/api/v1/idps/${other}/users/${spId}`, { externalId: 'theirs' });
  }

  /** Lists what is written from now on about users with one of these ids, oldest first. */
  watch(...ids: readonly string[]): () => readonly string[] {
    const writes = () => this.world.sandbox.requestsTo(undefined, { write: true });
    const last = writes().at(-1)?.id ?? 0;
    return () =>
      writes()
        .filter((request) => request.id > last && ids.some((each) => request.path.includes(each)))
        .map(({ org, operation }) => `${org} ${operation ?? 'unknown'}`);
  }

  /** Has a directory master the SP user: no API makes such a user. */
  masterBy(type: 'ACTIVE_DIRECTORY' | 'LDAP', spId: string): void {
    const user = this.world.sandbox.sp.org.users.get(spId);
    if (user === undefined) throw new Error('there is no such user');
    user.provider = { type, name: 'corp.partner.example' };
  }

  #assignmentPath(userId: string): string {
    return `/api/v1/apps/${this.known('org2orgAppId')}/users/${userId}`;
  }
}
