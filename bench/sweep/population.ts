import type { FindingKind } from '../../src/domain/sweep.js';
import type { UserFederation } from '../../src/domain/user-lifecycle.js';
import type { SandboxControl } from '../users/sandbox-control.js';

/** Users of the federation in the SP org, with what a sweep has to find about them. */
export interface Population {
  readonly users: number;
  /** Of all kinds together; the others are entitled. */
  readonly findings: number;
  readonly expected: Readonly<Partial<Record<FindingKind, number>>>;
}

/** One user in a hundred is a finding, a quarter of them of each kind that is planted. */
export function populationOf(users: number): Population {
  const quarter = users / 400;
  return {
    users,
    findings: 4 * quarter,
    expected: {
      entitled: users - 4 * quarter,
      idpUserSuspended: quarter,
      idpUserDeactivated: quarter,
      unassigned: quarter,
      unmanaged: quarter,
    },
  };
}

/** The access group that a setup makes. */
const accessGroup = 'Federated from acme';

/**
 * Puts the population into both orgs; a larger one adds to the one before. Everybody is in the access group. Who is
 * assigned was pushed and has signed on; of the others only the group tells.
 */
export async function plant(sandbox: SandboxControl, federation: UserFederation, { expected }: Population) {
  const { entitled = 0, idpUserSuspended = 0, idpUserDeactivated = 0, unassigned = 0, unmanaged = 0 } = expected;
  const { org2orgAppId: appId, identityProviderId } = federation;
  const groups = [accessGroup];
  await sandbox.seedMany('idp', { prefix: 'suspended', count: idpUserSuspended, status: 'SUSPENDED' });
  const pushed = { appId, identityProviderId, groups };
  await sandbox.seedProvisioned({ ...pushed, prefix: 'suspended', count: idpUserSuspended });
  await sandbox.seedProvisioned({ ...pushed, prefix: 'entitled', count: entitled });
  await sandbox.seedMany('idp', { prefix: 'deactivated', count: idpUserDeactivated, status: 'DEPROVISIONED' });
  await sandbox.seedMany('idp', { prefix: 'unassigned', count: unassigned });
  await sandbox.seedMany('sp', { prefix: 'deactivated', count: idpUserDeactivated, groups });
  await sandbox.seedMany('sp', { prefix: 'unassigned', count: unassigned, groups });
  await sandbox.seedMany('sp', { prefix: 'unmanaged', count: unmanaged, groups });
}
