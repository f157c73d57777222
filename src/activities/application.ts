import { type Application, findApplication, replaceApplication } from '../okta/applications.js';
import type { OktaSession } from '../okta/session.js';

/** An app by its id; one that was deleted counts as absent. */
export async function findLivingApplication(
  session: OktaSession,
  appId: string | undefined,
): Promise<Application | null> {
  if (appId === undefined) return null;
  const app = await findApplication(session, appId);
  return app === null || app.status === 'DELETED' ? null : app;
}

/** The template that makes a user name of a user, null if the app shows none. */
export function userNameTemplate(app: Application): string | null {
  return app.credentials?.userNameTemplate?.template ?? null;
}

/**
 * Writes changes into a fresh copy of the whole app: Okta replaces everything that a PUT names, so what we do not know
 * must go back as it came.
 */
export async function changeApplication(
  session: OktaSession,
  app: Application,
  changes: {
    readonly label?: string;
    readonly settings?: Record<string, unknown>;
    readonly signOn?: Record<string, unknown>;
    readonly userNameTemplate?: string;
    readonly signingKid?: string;
  },
): Promise<void> {
  const { credentials, settings } = app;
  await replaceApplication(session, app.id, {
    ...app,
    label: changes.label ?? app.label,
    credentials: {
      ...credentials,
      ...(changes.userNameTemplate === undefined
        ? {}
        : { userNameTemplate: { template: changes.userNameTemplate, type: 'BUILT_IN' } }),
      ...(changes.signingKid === undefined ? {} : { signing: { ...credentials?.signing, kid: changes.signingKid } }),
    },
    settings: {
      ...settings,
      app: { ...settings?.app, ...changes.settings },
      ...(settings?.signOn == null ? {} : { signOn: { ...settings.signOn, ...changes.signOn } }),
    },
  });
}
