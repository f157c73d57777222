import type { FastifyInstance } from 'fastify';
import pLimit, { type LimitFunction } from 'p-limit';
import type { DomainEvent } from '../core/events.js';
import { notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { App, AppUser, Connection, ConnectionVerdict, Json } from '../core/records.js';
import { asObject, ok, operation } from '../core/routing.js';
import { userNameFor } from '../management/app-assignments.js';
import { capabilityEnabled } from '../management/features.js';
import { ConnectionClient, ConnectionFailed } from './connection-client.js';
import { ConnectionKeys } from './connection-keys.js';
import { deletePushedGroup, pushGroup } from './group-push.js';
import { updatedProfile } from './pushed-user.js';
import { type Push, pushDeactivation, pushNewUser, pushProfile } from './user-push.js';

/** How many users of one app are pushed at the same time; the pushes of one user keep their order. */
const usersTogether = 8;

/**
 * Org2Org provisioning out of an org: what happens to assignments, users and pushed groups becomes background work that
 * calls the other org over HTTP with the credentials of the app's connection.
 */
export function installProvisioning(server: FastifyInstance, org: Org): Provisioning {
  const provisioning = new Provisioning(org);
  org.verifyConnection = (app, connection) => provisioning.verify(app, connection);
  org.events.subscribe((event) => provisioning.react(event));
  const path = '/api/v1/apps/:appId/connections/default/jwks';
  operation(server, org, { id: 'getUserProvisioningConnectionJWKS', method: 'GET', path }, async ({ params }) => {
    const app = org.apps.get(params.appId ?? '');
    if (app === undefined || app.name !== 'okta_org2org') throw notFound(params.appId ?? '', 'AppInstance');
    return ok({ jwks: { keys: await provisioning.keys.publicKeys(app) } });
  });
  return provisioning;
}

/** What an org pushes into the other one. */
export class Provisioning {
  readonly keys: ConnectionKeys;
  readonly #org: Org;
  readonly #clients = new WeakMap<Connection, { readonly credentials: string; readonly client: ConnectionClient }>();
  /** Assignments whose user name somebody set by hand: the template does not change it any more. */
  readonly #handNamed = new WeakSet<AppUser>();
  /** By app: whose turn it is among the users who are pushed. */
  readonly #turns = new Map<string, LimitFunction>();
  /** Groups in the other org by mapping, for the time after a mapping is gone. */
  readonly #targetGroups = new Map<string, string>();

  constructor(org: Org) {
    this.#org = org;
    this.keys = new ConnectionKeys(org);
  }

  /** Tries the credentials of a connection. It proves that they are good, not what they may do. */
  async verify(app: App, connection: Connection): Promise<ConnectionVerdict> {
    const refused = { ok: false, reason: 'Verification failed: Invalid URL. Not authorized.' } as const;
    try {
      const client = new ConnectionClient(this.#org, app, connection, this.keys);
      const answer = await client.call('GET', '/api/v1/users?limit=1');
      return answer.status === 200 || answer.status === 403 ? { ok: true } : refused;
    } catch (error) {
      if (error instanceof ConnectionFailed) return refused;
      throw error;
    }
  }

  react(event: DomainEvent): void {
    switch (event.type) {
      case 'appUser.assigned':
        this.#assigned(event.appId, event.userId);
        break;
      case 'appUser.updated':
        this.#noteUserName(event.appId, event.userId);
        this.#updated(event.appId, event.userId);
        break;
      case 'appUser.unassigned':
        this.#unassigned(event.appId, event.userId, event.externalId);
        break;
      case 'user.updated':
        for (const appId of this.#org.appsOfUser.get(event.userId)?.all() ?? []) this.#updated(appId, event.userId);
        break;
      case 'groupMembership.changed':
      case 'group.updated':
        this.#groupChanged(event.groupId);
        break;
      case 'groupPushMapping.created':
      case 'groupPushMapping.updated':
        this.#pushGroup(event.appId, event.mappingId);
        break;
      case 'groupPushMapping.deleted':
        this.#deleteGroup(event.appId, event.mappingId, event.deleteTargetGroup === true);
        break;
    }
  }

  /** Pushes an assigned user once more, or for the first time: what a person does in the console. */
  retry(appId: string, userId: string): void {
    const app = this.#org.apps.get(appId);
    const appUser = this.#org.appUsers.get(appId)?.get(userId);
    if (app === undefined || appUser === undefined) return;
    if (appUser.externalId !== null) this.#updated(appId, userId);
    else if (this.#creates(app)) {
      appUser.status = 'STAGED';
      this.#assigned(appId, userId);
    }
  }

  #assigned(appId: string, userId: string): void {
    this.#noteUserName(appId, userId);
    const app = this.#org.apps.get(appId);
    const appUser = this.#org.appUsers.get(appId)?.get(userId);
    if (app === undefined || appUser === undefined || !isOrg2Org(app) || !this.#creates(app)) return;
    this.#schedule(app, userId, async (push) => {
      if (!this.#isAssigned(appUser)) return;
      await pushNewUser(push, appUser, this.#updates(app));
      if (appUser.externalId === null) return;
      if (!this.#isAssigned(appUser) && this.#deactivates(app)) await pushDeactivation(push, appUser.externalId);
      this.#pushGroupsOf(app, userId);
    });
  }

  #updated(appId: string, userId: string): void {
    const app = this.#org.apps.get(appId);
    const appUser = this.#org.appUsers.get(appId)?.get(userId);
    if (app === undefined || appUser === undefined || !isOrg2Org(app) || !this.#updates(app)) return;
    this.#schedule(app, userId, async (push) => {
      if (appUser.externalId === null || !this.#isAssigned(appUser)) return;
      const profile: Json = updatedProfile(this.#org, app, push.user, appUser, this.#handNamed.has(appUser));
      await pushProfile(push, appUser, profile);
    });
  }

  #unassigned(appId: string, userId: string, externalId: string | null): void {
    const app = this.#org.apps.get(appId);
    if (app === undefined || externalId === null || !isOrg2Org(app) || !this.#deactivates(app)) return;
    this.#schedule(app, userId, (push) => pushDeactivation(push, externalId));
  }

  #groupChanged(groupId: string): void {
    for (const [appId, mappings] of this.#org.groupPushMappings) {
      for (const mapping of mappings.all()) {
        if (mapping.sourceGroupId === groupId && mapping.status === 'ACTIVE') this.#pushGroup(appId, mapping.id);
      }
    }
  }

  #pushGroupsOf(app: App, userId: string): void {
    for (const mapping of this.#org.groupPushMappings.get(app.id)?.all() ?? []) {
      const isMember = this.#org.groupsOfUser.get(userId)?.has(mapping.sourceGroupId) ?? false;
      if (isMember && mapping.status === 'ACTIVE') this.#pushGroup(app.id, mapping.id);
    }
  }

  #pushGroup(appId: string, mappingId: string): void {
    const app = this.#org.apps.get(appId);
    if (app === undefined || !isOrg2Org(app)) return;
    this.#scheduleForApp(app, `groups ${appId}`, async (client) => {
      const mapping = this.#org.groupPushMappings.get(appId)?.get(mappingId);
      if (mapping === undefined) return;
      await pushGroup(this.#org, app, client, mapping);
      if (mapping.targetGroupId !== null) this.#targetGroups.set(mappingId, mapping.targetGroupId);
    });
  }

  #deleteGroup(appId: string, mappingId: string, deleteTargetGroup: boolean): void {
    const app = this.#org.apps.get(appId);
    const targetGroupId = this.#targetGroups.get(mappingId);
    this.#targetGroups.delete(mappingId);
    if (app === undefined || !isOrg2Org(app) || !deleteTargetGroup || targetGroupId === undefined) return;
    this.#scheduleForApp(app, `groups ${appId}`, (client) => deletePushedGroup(this.#org, app, client, targetGroupId));
  }

  /** Work for one user. It is dropped if the connection is off when its time has come. */
  #schedule(app: App, userId: string, work: (push: Push) => Promise<void>): void {
    const user = this.#org.users.get(userId);
    if (user === undefined) return;
    const turn = this.#turns.get(app.id) ?? pLimit(usersTogether);
    this.#turns.set(app.id, turn);
    this.#scheduleForApp(app, `user ${app.id} ${userId}`, (client) =>
      turn(() => work({ org: this.#org, app, user, client })),
    );
  }

  #scheduleForApp(app: App, key: string, work: (client: ConnectionClient) => Promise<void>): void {
    const run = async () => {
      const connection = this.#org.connections.get(app.id);
      if (connection?.status === 'ENABLED') await work(this.#client(app, connection));
    };
    this.#org.background.schedule('provisioning', run, key);
  }

  /** One client per connection, as long as its credentials and address stay the same. */
  #client(app: App, connection: Connection): ConnectionClient {
    const { authScheme, token, clientId, rotationMode } = connection;
    const credentials = JSON.stringify([authScheme, token, clientId, rotationMode, asObject(app.settings.app).baseUrl]);
    const known = this.#clients.get(connection);
    if (known?.credentials === credentials) return known.client;
    const client = new ConnectionClient(this.#org, app, connection, this.keys);
    this.#clients.set(connection, { credentials, client });
    return client;
  }

  #noteUserName(appId: string, userId: string): void {
    const app = this.#org.apps.get(appId);
    const user = this.#org.users.get(userId);
    const appUser = this.#org.appUsers.get(appId)?.get(userId);
    if (app === undefined || user === undefined || appUser === undefined) return;
    if (appUser.userName !== userNameFor(app, user)) this.#handNamed.add(appUser);
  }

  #isAssigned(appUser: AppUser): boolean {
    return this.#org.appUsers.get(appUser.appId)?.get(appUser.id) === appUser;
  }

  #creates(app: App): boolean {
    return this.#isConnected(app) && capabilityEnabled(this.#org, app, 'create.lifecycleCreate');
  }

  #updates(app: App): boolean {
    return this.#isConnected(app) && capabilityEnabled(this.#org, app, 'update.profile');
  }

  #deactivates(app: App): boolean {
    return this.#isConnected(app) && capabilityEnabled(this.#org, app, 'update.lifecycleDeactivate');
  }

  #isConnected(app: App): boolean {
    return this.#org.connections.get(app.id)?.status === 'ENABLED';
  }
}

function isOrg2Org(app: App): boolean {
  return app.name === 'okta_org2org';
}
