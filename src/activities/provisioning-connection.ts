import { createHash } from 'node:crypto';
import type { OrgRegistry } from '../config/org-registry.js';
import type { Secrets } from '../config/secrets.js';
import type { ResourceInput } from '../domain/assessment.js';
import { Org2OrgError } from '../domain/errors.js';
import {
  decideProvisioningConnection,
  type SeenConnection,
  type SeenProvisioningConnection,
} from '../domain/provisioning-connection.js';
import { OktaError } from '../okta/errors.js';
import {
  activateDefaultProvisioningConnectionForApplication,
  type ConnectionProfile,
  getDefaultProvisioningConnectionForApplication,
  updateDefaultProvisioningConnectionForApplication,
} from '../okta/provisioning-connection.js';
import type { OktaSession } from '../okta/session.js';
import type { Resource } from './resource.js';
import { registeredSpOrg } from './sp-address.js';

/** Enough of a token's hash to see that it was replaced, too little to do anything else with it. */
function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 12);
}

function nullIfMissing(error: unknown): null {
  if (error instanceof Org2OrgError && error.code === 'O2O_SECRET_MISSING') return null;
  throw error;
}

async function profile(input: ResourceInput, secrets: Secrets, orgs: OrgRegistry): Promise<ConnectionProfile> {
  const { auth, token } = input.spec.provisioning;
  if (auth === 'token' && token !== undefined) {
    registeredSpOrg(orgs, input);
    return { authScheme: 'TOKEN', token: await secrets(token, input.orgs.idp.name) };
  }
  const clientId = input.known.serviceClientId;
  if (clientId === undefined) throw new Org2OrgError('O2O_INTERNAL');
  return { authScheme: 'OAUTH2', clientId, signing: { rotationMode: 'AUTO' } };
}

async function tested<Result>(org: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof OktaError && error.status === 400) {
      throw new Org2OrgError('O2O_CONNECTION_REFUSED', {
        org,
        detail: [error.errorSummary, ...error.causes].join(' '),
      });
    }
    throw error;
  }
}

/** The connection of an Org2Org app as Okta shows it; it never shows the token. */
export async function observeConnection(session: OktaSession, appId: string): Promise<SeenConnection> {
  const { status, profile: shown, clientId } = await getDefaultProvisioningConnectionForApplication(session, appId);
  return {
    status,
    authScheme: shown.authScheme,
    clientId: shown.clientId ?? clientId ?? null,
    rotationMode: shown.signing?.rotationMode ?? null,
  };
}

/** The provisioning connection of the Org2Org app. Okta tests the credentials when it is activated. */
export function provisioningConnection(secrets: Secrets, orgs: OrgRegistry): Resource<SeenProvisioningConnection> {
  return {
    name: 'provisioningConnection',
    side: 'idp',

    async observe(session, input) {
      const { org2orgAppId } = input.known;
      const { auth, token } = input.spec.provisioning;
      const tokenFingerprint =
        auth === 'token' && token !== undefined
          ? await secrets(token, input.orgs.idp.name).then(fingerprint, nullIfMissing)
          : null;
      if (org2orgAppId === undefined) return { connection: null, tokenFingerprint };
      return { connection: await observeConnection(session, org2orgAppId), tokenFingerprint };
    },

    decide: decideProvisioningConnection,

    async write(session, input, _seen, change) {
      const appId = input.known.org2orgAppId;
      if (appId === undefined) throw new Org2OrgError('O2O_INTERNAL');
      if (change.write === 'activate') {
        await tested(session.org, () => activateDefaultProvisioningConnectionForApplication(session, appId));
        return {};
      }
      const wanted = await profile(input, secrets, orgs);
      const made = await tested(session.org, () =>
        updateDefaultProvisioningConnectionForApplication(session, appId, wanted),
      );
      const { authScheme } = made.profile;
      if (made.status !== 'ENABLED' || authScheme !== wanted.authScheme) {
        throw new Org2OrgError('O2O_CONNECTION_INACTIVE', { org: session.org, status: made.status, authScheme });
      }
      return wanted.authScheme === 'TOKEN' ? { tokenFingerprint: fingerprint(wanted.token) } : {};
    },
  };
}
