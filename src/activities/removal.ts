import type { ResourceInput } from '../domain/assessment.js';
import { problem } from '../domain/errors.js';
import {
  accessGroupStays,
  decideRemoval,
  type RemovableResource,
  type Removal,
  type SeenRemovable,
  targetAppStays,
} from '../domain/removal.js';
import { connectionJwksUri } from '../domain/service-client.js';
import { listApplicationGroupAssignments } from '../okta/application-groups.js';
import { listApplicationUsers } from '../okta/application-users.js';
import { type Application, deactivateApplication, deleteApplication } from '../okta/applications.js';
import { deleteGroup, findGroup, listGroupUsers } from '../okta/groups.js';
import {
  deleteIdentityProviderKey,
  findIdentityProviderKey,
  listIdentityProviderKeys,
} from '../okta/identity-provider-keys.js';
import {
  deactivateIdentityProvider,
  deleteIdentityProvider,
  findIdentityProvider,
  listIdentityProviders,
} from '../okta/identity-providers.js';
import { getDefaultProvisioningConnectionForApplication } from '../okta/provisioning-connection.js';
import type { OktaSession } from '../okta/session.js';
import { findLivingApplication } from './application.js';
import type { Resource } from './resource.js';

/** How one kind of object is found and taken away. */
interface Removable {
  find(session: OktaSession, input: ResourceInput, removal: Removal): Promise<SeenRemovable | null>;
  deactivate?(session: OktaSession, id: string): Promise<unknown>;
  delete(session: OktaSession, id: string): Promise<void>;
}

const ofApps = { deactivate: deactivateApplication, delete: deleteApplication };

function seenApp({ id, label, status }: Application, more: Partial<SeenRemovable> = {}): SeenRemovable {
  return { id, label, status, stays: null, blocker: null, ...more };
}

const removables: Readonly<Record<RemovableResource, Removable>> = {
  org2orgApp: {
    ...ofApps,
    async find(session, { known }, { id }) {
      const app = await findLivingApplication(session, id ?? known.org2orgAppId);
      if (app === null) return null;
      const { status } = await getDefaultProvisioningConnectionForApplication(session, app.id);
      return seenApp(app, {
        blocker: status === 'ENABLED' ? problem('O2O_CONNECTION_ON', { org: session.org }) : null,
      });
    },
  },
  identityProvider: {
    deactivate: deactivateIdentityProvider,
    delete: deleteIdentityProvider,
    async find(session, { known }, { id }) {
      const wanted = id ?? known.identityProviderId;
      const found = wanted === undefined ? null : await findIdentityProvider(session, wanted);
      if (found === null) return null;
      const { issuer } = found.protocol.credentials?.trust ?? {};
      const stays = issuer === known.issuer ? null : 'it trusts another issuer than that of this federation';
      return { id: found.id, label: found.name, status: found.status, stays, blocker: null };
    },
  },
  trustedCertificate: {
    delete: deleteIdentityProviderKey,
    async find(session, { known }, { id }) {
      const kid = id ?? known.trustedKeyId ?? (await kidOf(session, known.certificateThumbprint));
      const key = kid === undefined ? null : await findIdentityProviderKey(session, kid);
      if (key === null) return null;
      const users = (await listIdentityProviders(session)).filter(({ protocol: { credentials } }) =>
        [credentials?.trust?.kid, ...(credentials?.trust?.additionalKids ?? [])].includes(key.kid),
      );
      const stays = users.length === 0 ? null : `${users.map(({ name }) => name).join(', ')} trusts it`;
      return { id: key.kid, label: `The certificate ${key.kid}`, status: null, stays, blocker: null };
    },
  },
  serviceClient: {
    ...ofApps,
    async find(session, input, { id }) {
      const app = await findLivingApplication(session, id ?? input.known.serviceClientId);
      if (app === null) return null;
      const ours = app.settings?.oauthClient?.jwks_uri === connectionJwksUri(input);
      return seenApp(app, { stays: ours ? null : "it does not take the keys of this federation's connection" });
    },
  },
  accessGroup: {
    delete: deleteGroup,
    async find(session, { known }, { id, made }) {
      const wanted = id ?? known.accessGroupId;
      const group = wanted === undefined ? null : await findGroup(session, wanted);
      if (group === null) return null;
      const members = made ? await listGroupUsers(session, group.id) : [];
      const people = members.filter(({ status }) => status !== 'DEPROVISIONED').length;
      const stays = accessGroupStays(made, people);
      return { id: group.id, label: `The group ${group.profile.name}`, status: null, stays, blocker: null };
    },
  },
  targetApp: {
    ...ofApps,
    async find(session, { known }, { id, made }) {
      const app = await findLivingApplication(session, id ?? known.targetAppId);
      if (app === null) return null;
      if (!made) return seenApp(app, { stays: targetAppStays(made, 0, 0) });
      const users = await listApplicationUsers(session, app.id);
      const groups = await listApplicationGroupAssignments(session, app.id);
      return seenApp(app, { stays: targetAppStays(made, users.length, groups.length) });
    },
  },
};

async function kidOf(session: OktaSession, thumbprint: string | undefined): Promise<string | undefined> {
  if (thumbprint === undefined) return undefined;
  return (await listIdentityProviderKeys(session)).find((key) => key['x5t#S256'] === thumbprint)?.kid;
}

/** An object of the federation that is taken away; what others still need stays. */
export function removal(what: Removal): Resource<SeenRemovable | null> {
  const { find, deactivate, delete: remove } = removables[what.resource];
  return {
    name: what.resource,
    side: what.resource === 'org2orgApp' ? 'idp' : 'sp',
    observe: (session, input) => find(session, input, what),
    decide: (input, seen) => decideRemoval(input, what, seen),
    async write(session, _input, seen, change) {
      if (seen === null) return {};
      if (change.write === 'deactivate') await deactivate?.(session, seen.id);
      else await remove(session, seen.id);
      return {};
    },
  };
}
