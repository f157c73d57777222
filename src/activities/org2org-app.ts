import { chosenId } from '../domain/changes.js';
import { Org2OrgError } from '../domain/errors.js';
import { decideOrg2OrgApp, type SeenOrg2OrgApp, type SeenOrg2OrgApps } from '../domain/org2org-app.js';
import { oktaUsername } from '../domain/target-app.js';
import { type Application, activateApplication, createApplication, listApplications } from '../okta/applications.js';
import { OktaError } from '../okta/errors.js';
import type { OktaSession } from '../okta/session.js';
import { changeApplication, findLivingApplication, userNameTemplate } from './application.js';
import type { Resource } from './resource.js';

interface Seen extends SeenOrg2OrgApps {
  readonly apps: readonly Application[];
}

/** Key of the app in Okta's catalog. */
export const catalogName = 'okta_org2org';

/** `settings.signOn` fields that would send the assertion elsewhere than the ACS URL and audience say. */
const overrideFields = ['ssoAcsUrlOverride', 'audienceOverride', 'recipientOverride', 'destinationOverride'] as const;

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The Org2Org app as the decisions see it. */
export function seenOrg2OrgApp(app: Application): SeenOrg2OrgApp {
  const { signOn, app: settings } = app.settings ?? {};
  const overrides = overrideFields.flatMap((field) => {
    const value = text(signOn?.[field]);
    return value === null ? [] : [[field, value] as const];
  });
  return {
    id: app.id,
    label: app.label,
    status: app.status,
    signOnMode: app.signOnMode ?? 'NONE',
    userNameTemplate: userNameTemplate(app),
    baseUrl: text(settings?.baseUrl),
    acsUrl: text(settings?.acsUrl),
    audRestriction: text(settings?.audRestriction),
    signingKid: app.credentials?.signing?.kid ?? null,
    overrides: Object.fromEntries(overrides),
  };
}

async function create(session: OktaSession, body: Record<string, unknown>): Promise<Application> {
  try {
    return await createApplication(session, body);
  } catch (error) {
    if (isUnavailable(error)) {
      throw new Org2OrgError('O2O_ORG2ORG_UNAVAILABLE', {
        org: session.org,
        detail: error.causes.join('; ') || error.errorCode || 'refused',
      });
    }
    throw error;
  }
}

/** Okta's ways of saying that an app of the catalog is not to be had in this org. */
function isUnavailable(error: unknown): error is OktaError {
  if (!(error instanceof OktaError)) return false;
  if (error.errorCode === 'E0000015') return true;
  return (
    error.errorCode === 'E0000001' &&
    error.causes.some((cause) => cause.startsWith('Cannot create application instance'))
  );
}

/** The app `okta_org2org` of the IdP org. */
export const org2orgApp: Resource<Seen> = {
  name: 'org2orgApp',
  side: 'idp',

  async observe(session, input) {
    const app = await findLivingApplication(session, chosenId(input, 'org2orgApp') ?? input.known.org2orgAppId);
    const apps = app === null ? await listApplications(session, { name: catalogName }) : [app];
    return {
      apps,
      known: app === null ? null : seenOrg2OrgApp(app),
      instances: app === null ? apps.map(seenOrg2OrgApp) : [],
    };
  },

  decide: decideOrg2OrgApp,

  async write(session, input, seen, change) {
    const { org2orgApp: spec } = input.spec;
    if (change.write === 'create') {
      const app = await create(session, {
        name: catalogName,
        label: spec.label,
        signOnMode: 'SAML_2_0',
        credentials: { userNameTemplate: { template: oktaUsername, type: 'BUILT_IN' } },
        settings: { app: { baseUrl: spec.baseUrl } },
      });
      return { org2orgAppId: app.id };
    }
    const app = seen.apps.find((found) => found.id === input.known.org2orgAppId);
    if (app === undefined) return {};
    if (change.write === 'activate') await activateApplication(session, app.id);
    else {
      const signOn = Object.fromEntries(overrideFields.map((field) => [field, null]));
      await changeApplication(session, app, {
        label: spec.label,
        settings: { baseUrl: spec.baseUrl },
        signOn,
        userNameTemplate: oktaUsername,
      });
    }
    return {};
  },
};
