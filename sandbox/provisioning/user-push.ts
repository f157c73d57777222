import { z } from 'zod';
import { randomText } from '../core/ids.js';
import type { Org } from '../core/org.js';
import type { App, AppUser, Json, User } from '../core/records.js';
import { type ConnectionClient, ConnectionFailed } from './connection-client.js';
import { logPush, PushFailed, requireSuccess } from './outcome.js';
import { initialStatuses, initialStatusOf, newProfile } from './pushed-user.js';

const TargetUser = z.looseObject({ id: z.string(), status: z.string() });
type TargetUser = z.output<typeof TargetUser>;

/** One user of one app, and the way to the other org. */
export interface Push {
  readonly org: Org;
  readonly app: App;
  readonly user: User;
  readonly client: ConnectionClient;
}

/**
 * Creates the user in the other org, or takes over the one who has the same login there. A failure leaves the
 * assignment STAGED.
 * @param updatesProfile whether the profile of a user that was taken over is pushed too
 */
export async function pushNewUser(push: Push, appUser: AppUser, updatesProfile: boolean): Promise<void> {
  const { org, app, user, client } = push;
  const { failure, value } = await attempt(async () => {
    const found = await client.call('GET', `/api/v1/users/${encodeURIComponent(String(appUser.userName))}`);
    if (found.status === 404) return createUser(push, appUser);
    const existing = TargetUser.parse(requireSuccess(found, 'Error while looking up the user').body);
    return adoptUser(push, existing, updatesProfile ? newProfile(appUser) : null);
  });
  if (value === undefined) {
    logPush(org, 'application.provision.user.push', app, user, sentence(push, failure));
    return;
  }
  const now = org.clock.iso();
  appUser.externalId = value.id;
  appUser.status = 'PROVISIONED';
  appUser.statusChanged = now;
  appUser.syncState = 'SYNCHRONIZED';
  appUser.lastSync = now;
  appUser.lastUpdated = now;
  logPush(org, 'application.provision.user.push', app, user);
}

/** Pushes the changed profile of a user who was provisioned before. A failure leaves `syncState: ERROR`. */
export async function pushProfile(push: Push, appUser: AppUser, profile: Json): Promise<void> {
  const { org, app, user, client } = push;
  const { failure } = await attempt(async () =>
    requireSuccess(
      await client.call('POST', `/api/v1/users/${appUser.externalId}`, { profile }),
      'Error while updating the user profile',
    ),
  );
  const now = org.clock.iso();
  appUser.syncState = failure === undefined ? 'SYNCHRONIZED' : 'ERROR';
  appUser.lastUpdated = now;
  if (failure === undefined) appUser.lastSync = now;
  logPush(org, 'application.provision.user.push_profile', app, user, failure && sentence(push, failure));
}

/** Deactivates the user in the other org. Somebody who is gone or deactivated there needs nothing. */
export async function pushDeactivation(push: Push, externalId: string): Promise<void> {
  const { org, app, user, client } = push;
  const path = `/api/v1/users/${externalId}`;
  const { failure } = await attempt(async () => {
    const found = await client.call('GET', path);
    if (found.status === 404) return;
    const target = TargetUser.parse(requireSuccess(found, 'Error while looking up the user').body);
    if (target.status === 'DEPROVISIONED') return;
    requireSuccess(await client.call('POST', `${path}/lifecycle/deactivate`), 'Error while deactivating the user');
  });
  logPush(org, 'application.provision.user.deactivate', app, user, failure && sentence(push, failure));
}

async function createUser(push: Push, appUser: AppUser): Promise<TargetUser> {
  const initial = initialStatusOf(appUser);
  if (initial === null) throw new PushFailed('Invalid Value for initialStatus field (code notOneOf)');
  const { activate, password } = initialStatuses[initial];
  const body = {
    profile: newProfile(appUser),
    ...(password ? { credentials: { password: { value: `${randomText(20)}aA1!` } } } : {}),
  };
  const answer = await push.client.call('POST', `/api/v1/users?activate=${activate}`, body);
  return TargetUser.parse(requireSuccess(answer, 'Error while creating the user').body);
}

async function adoptUser(push: Push, existing: TargetUser, profile: Json | null): Promise<TargetUser> {
  const { org, app, user, client } = push;
  const path = `/api/v1/users/${existing.id}`;
  if (existing.status === 'DEPROVISIONED') {
    const answer = await client.call('POST', `${path}/lifecycle/activate?sendEmail=false`);
    requireSuccess(answer, 'Error while reactivating the user');
    logPush(org, 'application.provision.user.reactivate', app, user);
  }
  if (profile !== null) {
    requireSuccess(await client.call('POST', path, { profile }), 'Error while updating the user profile');
  }
  return existing;
}

type Attempt<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof PushFailed || error instanceof ConnectionFailed) return { failure: error.message };
    if (error instanceof z.ZodError) return { failure: 'The answer of the remote org could not be read' };
    throw error;
  }
}

function sentence(push: Push, failure: string | undefined): string {
  return `Automatic provisioning of user ${push.user.id} to app ${push.app.label} failed: ${failure}`;
}
