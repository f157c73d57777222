import { z } from 'zod';
import { inConsole } from '../../sandbox/control/console.js';
import { setPath } from '../../src/domain/identity-provider.js';
import { OktaAdmin } from './okta-admin.js';
import type { World } from './world.js';

const JsonObject = z.record(z.string(), z.unknown());

/** Changes an object of an org as somebody does in its console: reads it, sets some paths, writes it back. */
export async function edit(admin: OktaAdmin, path: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  const whole = JsonObject.parse(await admin.get(path));
  for (const [field, value] of Object.entries(values)) setPath(whole, field, value as string);
  await admin.put(path, whole);
}

/** Changes capabilities of the provisioning of an app, as somebody does in its console. */
export async function editFeature(
  admin: OktaAdmin,
  appId: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = `/api/v1/apps/${appId}/features/USER_PROVISIONING`;
  const { capabilities } = z.looseObject({ capabilities: JsonObject }).parse(await admin.get(path));
  for (const [field, value] of Object.entries(values)) setPath(capabilities, field, value as string);
  await admin.put(path, capabilities);
}

/** Another super admin of an org, with a token of their own: the System Log tells them from the worker. */
export async function secondAdmin(
  { sandbox, idpAdmin, spAdmin }: World,
  org: 'idp' | 'sp',
): Promise<{ readonly id: string; readonly admin: OktaAdmin }> {
  const first = org === 'idp' ? idpAdmin : spAdmin;
  const id = await first.addUser(`second-admin@${org}.example`, 'Planted-Password-4711');
  await first.post(`/api/v1/users/${id}/roles`, { type: 'SUPER_ADMIN' });
  const { token } = await inConsole(sandbox, { action: 'createApiToken', org, owner: id, name: 'By hand' });
  return { id, admin: new OktaAdmin(first.url, String(token)) };
}
