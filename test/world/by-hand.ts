import { z } from 'zod';
import { setPath } from '../../src/domain/identity-provider.js';
import type { OktaAdmin } from './okta-admin.js';

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
