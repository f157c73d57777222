import type { AgreedKind, OperationStatus } from '../../src/domain/federation.js';
import { RotationOptions } from '../../src/domain/rotation.js';
import { AgreedOperations, stops } from './agreed-operations.js';
import { objectCounts, oneOfEach } from './object-counts.js';
import { problems } from './problems.js';
import type { SetupWrite } from './setup-writes.js';
import { WorldSweeps } from './sweeps.js';
import { approvedForUsers } from './teardown-users.js';
import { federationId, patiently, type World, withoutPeople } from './world.js';

/** What a federation goes through after it works, without waits and without people. */
export type LifecycleKind = 'rotation' | 'tokenToOauth' | 'pause' | 'teardown' | 'teardownOfUsers';

interface Lifecycle {
  readonly operation: AgreedKind;
  readonly options: Record<string, unknown>;
  /** What the specification says besides the usual; it is given the reference to a token of the SP org. */
  readonly spec?: (token: string) => Record<string, unknown>;
}

const between = { switchAfterMinutes: 0, removeAfterMinutes: 0 };

const lifecycles: Readonly<Record<LifecycleKind, Lifecycle>> = {
  rotation: { operation: 'rotation', options: RotationOptions.parse({ what: 'certificate', between }) },
  tokenToOauth: {
    operation: 'rotation',
    options: RotationOptions.parse({ what: 'tokenToOauth' }),
    spec: (token) => ({ provisioning: { auth: 'token', token } }),
  },
  pause: { operation: 'pause', options: { why: 'a test' } },
  teardown: { operation: 'teardown', options: { users: 'keep', why: 'a test' } },
  teardownOfUsers: { operation: 'teardown', options: { users: 'deactivate', why: 'a test' } },
};

const inOrder = (org: SetupWrite['org'], operations: readonly string[]): SetupWrite[] =>
  operations.map((operation, index) => ({ org, nth: index + 1, operation }));

const appRemoval = [
  'updateFeatureForApplication',
  'deactivateDefaultProvisioningConnectionForApplication',
  'deactivateApplication',
  'deleteApplication',
];
const spRemoval = [
  'deactivateIdentityProvider',
  'deleteIdentityProvider',
  'deleteIdentityProviderKey',
  'deactivateApplication',
  'deleteApplication',
];

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
  tokenToOauth: [
    ...inOrder('idp', ['updateDefaultProvisioningConnectionForApplication']),
    ...inOrder('sp', [
      'createClient',
      'assignRoleToClient',
      'assignRoleToClient',
      'grantConsentToScope',
      'grantConsentToScope',
    ]),
  ],
  pause: inOrder('idp', ['deactivateDefaultProvisioningConnectionForApplication']),
  teardown: [...inOrder('idp', appRemoval), ...inOrder('sp', spRemoval)],
  teardownOfUsers: [
    ...inOrder('idp', appRemoval),
    ...inOrder('sp', [
      'revokeUserSessions',
      'deactivateUser',
      'revokeUserSessions',
      'deactivateUser',
      ...spRemoval,
      'deleteGroup',
      'deactivateApplication',
      'deleteApplication',
    ]),
  ],
};

/** What is left of a federation: how it ended, what both orgs hold, and the status of each SP user. */
export interface LifecycleEnd {
  readonly stops: readonly string[];
  readonly state: string;
  readonly auth: string;
  readonly counts: Record<string, number>;
  readonly spUsers: Readonly<Record<string, string>>;
}

/** Sets up what the operation is carried out on, whatever was there before, with a local user of the SP org. */
export async function prepare(world: World, kind: LifecycleKind, token = 'env:PARTNER_TOKEN'): Promise<void> {
  const wrong = problems(await world.setUp(withoutPeople(lifecycles[kind].spec?.(token))));
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  const { sandbox, spAdmin } = world;
  const local = 'local@partner.example';
  if (!sandbox.sp.org.userIdsByLogin.has(local)) await spAdmin.addUser(local, 'Planted-Secret-4711');
  await sandbox.idle();
  sandbox.requests.clear();
}

/** Carries the operation out and looks at what is left. */
export async function liveThrough(world: World, kind: LifecycleKind): Promise<LifecycleEnd> {
  const status = await carriedOut(world, kind);
  await world.sandbox.idle();
  const { users } = world.sandbox.sp.org;
  const { state } = await patiently(() => world.federations.get(federationId));
  const { spec } = await patiently(() => world.federations.spec(federationId));
  return {
    stops: stops(status),
    state,
    auth: spec.provisioning.auth,
    counts: await objectCounts(world),
    spUsers: Object.fromEntries(users.all().map(({ profile, status: held }) => [String(profile.login), held])),
  };
}

async function carriedOut(world: World, kind: LifecycleKind): Promise<OperationStatus> {
  const { operation, options } = lifecycles[kind];
  const operations = new AgreedOperations(world);
  await operations.start(operation, options);
  if (kind === 'teardownOfUsers') await approvedForUsers(operations, new WorldSweeps(world));
  return operations.settled(operation);
}

const everybodyActive = {
  'ada@acme.example': 'ACTIVE',
  'grace@acme.example': 'ACTIVE',
  'admin@sp.example': 'ACTIVE',
  'local@partner.example': 'ACTIVE',
};
const works: LifecycleEnd = {
  stops: [],
  state: 'ready',
  auth: 'oauth2',
  counts: { ...oneOfEach, users: 4 },
  spUsers: everybodyActive,
};
const gone = { org2orgApps: 0, serviceClients: 0, identityProviders: 0, trustedCertificates: 0 };

/** What each leaves behind, whatever went wrong on the way. */
export const lifecycleEnds: Readonly<Record<LifecycleKind, LifecycleEnd>> = {
  rotation: works,
  tokenToOauth: works,
  pause: { ...works, state: 'paused' },
  teardown: { ...works, state: 'ended', counts: { ...works.counts, ...gone } },
  teardownOfUsers: {
    ...works,
    state: 'ended',
    // Okta lists no deactivated users: those of the SP org who are left are its administrator and its local user.
    counts: { ...works.counts, ...gone, accessGroups: 0, targetApps: 0, users: 2 },
    spUsers: { ...everybodyActive, 'ada@acme.example': 'DEPROVISIONED', 'grace@acme.example': 'DEPROVISIONED' },
  },
};
