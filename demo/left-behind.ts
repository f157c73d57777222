import { z } from 'zod';
import { FaultRequest } from '../sandbox/control/faults.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { OrgAdmin } from './org-admin.js';
import { groupName } from './people.js';

const Group = z.looseObject({ id: z.string(), profile: z.looseObject({ name: z.string() }) });
const User = z.looseObject({ id: z.string() });

/**
 * Takes people out of the group that gives them the target app, as a person does in the IdP org's console, while the SP
 * org does not answer: Okta's push of their deactivation is lost, and they stay in the SP org.
 */
export async function leaveBehind(sandbox: Sandbox, people: readonly { readonly login: string }[]): Promise<void> {
  const idp = new OrgAdmin(sandbox.idp);
  const groups = await idp.send('GET', `/api/v1/groups?q=${encodeURIComponent(groupName)}`, null, z.array(Group));
  const group = groups.find(({ profile }) => profile.name === groupName);
  if (group === undefined) throw new Error(`There is no group ${groupName}.`);
  const away = { org: 'sp', kind: 'status', status: 503, from: 'provisioning', count: null };
  const fault = sandbox.faults.add(FaultRequest.parse(away));
  for (const { login } of people) {
    const { id } = await idp.send('GET', `/api/v1/users/${encodeURIComponent(login)}`, null, User);
    await idp.send('DELETE', `/api/v1/groups/${group.id}/users/${id}`, null, z.unknown());
  }
  await sandbox.idle();
  sandbox.faults.remove(fault.id);
}
