import { originHeaders } from '../control/origin.js';
import type { DomainEvent } from '../core/events.js';
import type { Org } from '../core/org.js';
import type { App, User } from '../core/records.js';
import { asText } from '../core/routing.js';
import { logPush } from './outcome.js';

/** Catalog name of the app that the target app stands for. */
const catalogName = 'dropbox_for_business';

/** Provisioning of the target app, switched on by hand in the console: members follow the assignments of the app. */
export class TargetAppProvisioning {
  readonly #org: Org;
  readonly #targetAppUrl: string;

  constructor(org: Org, targetAppUrl: string) {
    this.#org = org;
    this.#targetAppUrl = targetAppUrl;
    org.events.subscribe((event) => this.#react(event));
  }

  #react(event: DomainEvent): void {
    if (event.type !== 'appUser.assigned' && event.type !== 'appUser.unassigned') return;
    const app = this.#org.apps.get(event.appId);
    const user = this.#org.users.get(event.userId);
    if (app?.name !== catalogName || user === undefined) return;
    if (event.type === 'appUser.assigned' && app.features.includes('PUSH_NEW_USERS')) {
      const appUser = this.#org.appUsers.get(app.id)?.get(user.id);
      if (appUser !== undefined) appUser.status = 'STAGED';
      this.#schedule(user, () => this.#push(app, user));
    }
    if (
      event.type === 'appUser.unassigned' &&
      event.externalId !== null &&
      app.features.includes('PUSH_USER_DEACTIVATION')
    ) {
      const { externalId } = event;
      this.#schedule(user, () => this.#deactivate(app, user, externalId));
    }
  }

  #schedule(user: User, work: () => Promise<void>): void {
    this.#org.background.schedule('provisioning', work, `target app ${user.id}`);
  }

  async #push(app: App, user: User): Promise<void> {
    const appUser = this.#org.appUsers.get(app.id)?.get(user.id);
    if (appUser === undefined) return;
    const login = appUser.userName ?? user.id;
    const { firstName, lastName } = user.profile;
    const names = { firstName: asText(firstName) ?? '', lastName: asText(lastName) ?? '' };
    const failure = await this.#put(login, { status: 'active', ...names });
    logPush(this.#org, 'application.provision.user.push', app, user, failure);
    if (failure !== null) return;
    const now = this.#org.clock.iso();
    Object.assign(appUser, { externalId: login, status: 'PROVISIONED', statusChanged: now, lastUpdated: now });
    Object.assign(appUser, { syncState: 'SYNCHRONIZED', lastSync: now });
  }

  async #deactivate(app: App, user: User, externalId: string): Promise<void> {
    const failure = await this.#put(externalId, { status: 'suspended' });
    logPush(this.#org, 'application.provision.user.deactivate', app, user, failure);
  }

  /** Returns why it failed, or null. */
  async #put(login: string, member: Record<string, string>): Promise<string | null> {
    try {
      const answer = await fetch(`${this.#targetAppUrl}/admin/members/${encodeURIComponent(login)}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...originHeaders('provisioning') },
        body: JSON.stringify(member),
      });
      return answer.ok ? null : `The target app answered ${answer.status}`;
    } catch {
      return 'The target app did not answer';
    }
  }
}
