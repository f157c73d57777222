import { RotationOptions } from '../../src/domain/rotation.js';
import { AgreedOperations, stops } from './agreed-operations.js';
import { objectCounts } from './object-counts.js';
import type { SetupWrite } from './setup-writes.js';
import { federationId, type World } from './world.js';

/** What a federation goes through after it works, without waits and without people. */
export type LifecycleKind = 'rotation' | 'pause' | 'teardown';

const lifecycleOptions: Readonly<Record<LifecycleKind, Record<string, unknown>>> = {
  rotation: RotationOptions.parse({ what: 'certificate', between: { switchAfterMinutes: 0, removeAfterMinutes: 0 } }),
  pause: { why: 'a test' },
  teardown: { users: 'keep', why: 'a test' },
};

const inOrder = (org: SetupWrite['org'], operations: readonly string[]): SetupWrite[] =>
  operations.map((operation, index) => ({ org, nth: index + 1, operation }));

/** Every writing call of each, org by org. */
export const lifecycleWrites: Readonly<Record<LifecycleKind, readonly SetupWrite[]>> = {
  rotation: [
    ...inOrder('idp', ['generateApplicationKey', 'replaceApplication']),
    ...inOrder('sp', [
      'createIdentityProviderKey',
      'replaceIdentityProvider',
      'replaceIdentityProvider',
      'deleteIdentityProviderKey',
    ]),
  ],
  pause: inOrder('idp', ['deactivateDefaultProvisioningConnectionForApplication']),
  teardown: [
    ...inOrder('idp', [
      'updateFeatureForApplication',
      'deactivateDefaultProvisioningConnectionForApplication',
      'deactivateApplication',
      'deleteApplication',
    ]),
    ...inOrder('sp', [
      'deactivateIdentityProvider',
      'deleteIdentityProvider',
      'deleteIdentityProviderKey',
      'deactivateApplication',
      'deleteApplication',
    ]),
  ],
};

/** What is left of a federation: how it ended, what both orgs hold, and the statuses of all SP users. */
export interface LifecycleEnd {
  readonly stops: readonly string[];
  readonly state: string;
  readonly counts: Record<string, number>;
  readonly spUsers: readonly string[];
}

/** Carries the operation out and looks at what is left. */
export async function liveThrough(world: World, kind: LifecycleKind): Promise<LifecycleEnd> {
  const status = await new AgreedOperations(world).carryOut(kind, lifecycleOptions[kind]);
  await world.sandbox.idle();
  const { users } = world.sandbox.sp.org;
  return {
    stops: stops(status),
    state: (await world.federations.get(federationId)).state,
    counts: await objectCounts(world),
    spUsers: users.filter(() => true).map((user) => user.status),
  };
}

const everybodyActive = ['ACTIVE', 'ACTIVE', 'ACTIVE'];
const oneOfEach = {
  org2orgApps: 1,
  targetApps: 1,
  serviceClients: 1,
  identityProviders: 1,
  trustedCertificates: 1,
  accessGroups: 1,
  users: 3,
};

/** What each leaves behind, whatever went wrong on the way. */
export const lifecycleEnds: Readonly<Record<LifecycleKind, LifecycleEnd>> = {
  rotation: { stops: [], state: 'ready', counts: oneOfEach, spUsers: everybodyActive },
  pause: { stops: [], state: 'paused', counts: oneOfEach, spUsers: everybodyActive },
  teardown: {
    stops: [],
    state: 'ended',
    counts: { ...oneOfEach, org2orgApps: 0, serviceClients: 0, identityProviders: 0, trustedCertificates: 0 },
    spUsers: everybodyActive,
  },
};
