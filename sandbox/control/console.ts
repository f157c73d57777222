import { z } from 'zod';
import { systemActor } from '../core/system-log.js';
import { createApiToken } from '../management/api-tokens.js';
import { appOf, issuerOf, signingKeyOf, ssoUrlOf } from '../management/apps.js';
import { userOf } from '../management/user-store.js';
import { originHeaders } from './origin.js';
import type { RunningOrg, RunningSandbox } from './running-sandbox.js';

const OrgName = z.enum(['idp', 'sp']);

/** What a person does in a console, because no API does it. */
export const ConsoleAction = z.discriminatedUnion('action', [
  /** Enters the SAML settings in the target app's console and switches its provisioning on. */
  z.strictObject({ action: z.literal('completeTargetAppConsole'), org: OrgName, appId: z.string() }),
  /** Creates an API token that has the rights of its owner. */
  z.strictObject({
    action: z.literal('createApiToken'),
    org: OrgName,
    owner: z.string(),
    name: z.string().default('Created in the console'),
  }),
  z.strictObject({ action: z.literal('setJit'), org: OrgName, on: z.boolean() }),
  /** Presses "Retry" under Dashboard > Tasks, or "Provision User" for a user assigned before provisioning was on. */
  z.strictObject({ action: z.literal('retryProvisioning'), org: OrgName, appId: z.string(), userId: z.string() }),
]);
export type ConsoleAction = z.output<typeof ConsoleAction>;

/** Carries out what a person does in the console of an org or of the target app. */
export async function inConsole(sandbox: RunningSandbox, action: ConsoleAction): Promise<Record<string, unknown>> {
  const running = sandbox[action.org];
  switch (action.action) {
    case 'completeTargetAppConsole':
      return completeTargetApp(sandbox, running, action.appId);
    case 'createApiToken':
      return newToken(running, action.owner, action.name);
    case 'setJit':
      running.org.settings.jit = action.on;
      return { jit: action.on };
    case 'retryProvisioning':
      running.provisioning.retry(action.appId, action.userId);
      return { scheduled: true };
  }
}

function newToken({ org }: RunningOrg, owner: string, name: string): Record<string, unknown> {
  const { token, value } = createApiToken(org, userOf(org, owner).id, name, systemActor);
  return { id: token.id, token: value };
}

async function completeTargetApp(
  sandbox: RunningSandbox,
  { org }: RunningOrg,
  appId: string,
): Promise<Record<string, unknown>> {
  const app = appOf(org, appId);
  const key = signingKeyOf(org, app);
  if (key !== undefined) {
    const settings = { signOnUrl: ssoUrlOf(org, app), certificate: key.certificate, issuer: issuerOf(app) };
    const answer = await fetch(`${sandbox.targetApp.url}/admin/sso`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...originHeaders('console') },
      body: JSON.stringify(settings),
    });
    if (!answer.ok) throw new Error(`The target app refuses the settings: ${await answer.text()}`);
  }
  app.features = [...new Set([...app.features, 'PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'PUSH_USER_DEACTIVATION'])];
  app.lastUpdated = org.clock.iso();
  return { features: app.features };
}
