import { chosenId } from '../domain/changes.js';
import {
  chooseTargetApp,
  decideTargetApp,
  oktaUsername,
  type SeenTargetApp,
  type SeenTargetApps,
} from '../domain/target-app.js';
import {
  type Application,
  activateApplication,
  createApplication,
  listApplications,
  previewSAMLmetadataForApplication,
} from '../okta/applications.js';
import type { OktaSession } from '../okta/session.js';
import { changeApplication, findLivingApplication, userNameTemplate } from './application.js';
import { assignedGroups } from './assigned-groups.js';
import type { Resource } from './resource.js';

interface Seen extends SeenTargetApps {
  readonly apps: readonly Application[];
}

/** An app as far as it may be a target app. */
export function seenTargetApp(app: Application): SeenTargetApp {
  return {
    id: app.id,
    name: app.name,
    label: app.label,
    status: app.status,
    signOnMode: app.signOnMode ?? 'NONE',
    features: app.features ?? [],
    userNameTemplate: userNameTemplate(app),
    settings: app.settings?.app ?? {},
  };
}

async function signOnOf(session: OktaSession, app: SeenTargetApp | null): Promise<Seen['signOn']> {
  if (app === null || app.signOnMode !== 'SAML_2_0' || app.status !== 'ACTIVE') return null;
  const { ssoUrl, certificate } = await previewSAMLmetadataForApplication(session, app.id);
  return { ssoUrl, certificate };
}

/** The app that users finally reach, in the SP org. */
export const targetApp: Resource<Seen> = {
  name: 'targetApp',
  side: 'sp',

  async observe(session, input) {
    const { spec, known } = input;
    const chosen = spec.targetApp.id ?? chosenId(input, 'targetApp');
    const named = await findLivingApplication(session, chosen ?? known.targetAppId);
    const meant = named !== null && (chosen !== undefined || named.label === spec.targetApp.label);
    const apps = meant
      ? [named]
      : (await listApplications(session, spec.targetApp.mode === 'create' ? { name: spec.targetApp.name } : {})).filter(
          (found) => found.label === spec.targetApp.label || found.name === spec.targetApp.name,
        );
    const seen = { apps, known: meant ? seenTargetApp(named) : null, similar: meant ? [] : apps.map(seenTargetApp) };
    const app = chooseTargetApp(input, { ...seen, signOn: null });
    const signOn = await signOnOf(session, app);
    const groups = app === null ? [] : await assignedGroups(session, app.id);
    return { ...seen, signOn, groups: groups.map(({ id, profile }) => ({ id, name: profile.name })) };
  },

  decide: decideTargetApp,

  async write(session, input, seen, change) {
    const { spec } = input;
    if (change.write === 'create') {
      const app = await createApplication(session, {
        name: spec.targetApp.name,
        label: spec.targetApp.label,
        signOnMode: 'SAML_2_0',
        credentials: { userNameTemplate: { template: oktaUsername, type: 'BUILT_IN' } },
        settings: { app: spec.targetApp.settings },
      });
      return { targetAppId: app.id, targetAppGroups: [] };
    }
    const app = seen.apps.find((found) => found.id === input.known.targetAppId);
    if (app === undefined) return {};
    if (change.write === 'activate') await activateApplication(session, app.id);
    else {
      const label = change.fields.some(({ field }) => field === 'label') ? { label: spec.targetApp.label } : {};
      const settings = { settings: spec.targetApp.settings, userNameTemplate: oktaUsername };
      await changeApplication(session, app, { ...label, ...settings });
    }
    return {};
  },
};
