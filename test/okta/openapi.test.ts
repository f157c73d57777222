import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isExcepted } from '../../sandbox/conformance/exceptions.js';
import { listApiTokens } from '../../src/okta/api-tokens.js';
import * as groupAssignments from '../../src/okta/application-groups.js';
import * as keys from '../../src/okta/application-keys.js';
import * as appUsers from '../../src/okta/application-users.js';
import * as apps from '../../src/okta/applications.js';
import * as groups from '../../src/okta/groups.js';
import * as idpKeys from '../../src/okta/identity-provider-keys.js';
import * as idps from '../../src/okta/identity-providers.js';
import { getWellknownOrgMetadata } from '../../src/okta/org-metadata.js';
import * as connection from '../../src/okta/provisioning-connection.js';
import * as features from '../../src/okta/provisioning-features.js';
import { scopeOf } from '../../src/okta/scopes.js';
import * as clients from '../../src/okta/service-clients.js';
import type { OktaSession } from '../../src/okta/session.js';
import { listLogEvents } from '../../src/okta/system-log.js';
import * as users from '../../src/okta/users.js';
import { oktaError, startServer } from './support/local-server.js';
import { openTestSession } from './support/open-session.js';
import { sharedFolder } from './support/shared.js';

const folder = sharedFolder('okta-data/openapi');

const Operation = z.object({
  id: z.string(),
  params: z.array(z.object({ in: z.string(), name: z.string() })),
  op: z.object({ security: z.array(z.record(z.string(), z.array(z.string()))).optional() }),
});
const Checked = z.object({ errors: z.array(z.looseObject({ instancePath: z.string(), message: z.string() })) });

/** Okta's published description of its Management API. */
interface Description {
  find(method: string, path: string): unknown;
  request(method: string, path: string, body: unknown): unknown;
}

let description: Description;

beforeAll(async () => {
  if (folder === null) return;
  const { load } = await import(pathToFileURL(join(folder, 'okta-oas.mjs')).href);
  description = load(join(folder, 'okta-trim-oneOf-2026.06.3.json'));
});

const app = '0oa1';
const oauth2 = { authScheme: 'OAUTH2', clientId: '0oaC', signing: { rotationMode: 'AUTO' } } as const;
const enabled = { status: 'ENABLED' } as const;
const capabilities = {
  create: { lifecycleCreate: enabled },
  update: { profile: enabled, lifecycleDeactivate: enabled },
};
const person = { profile: { login: 'a@x.com', email: 'a@x.com', firstName: 'A', lastName: 'B' } };
const window = { since: new Date(0), until: new Date(1), filter: 'eventType eq "x"' };

const calls: readonly [string, (session: OktaSession) => Promise<unknown>][] = [
  ['listApplications', (session) => apps.listApplications(session, { name: 'okta_org2org' })],
  ['getApplication', (session) => apps.getApplication(session, app)],
  ['activateApplication', (session) => apps.activateApplication(session, app)],
  ['previewSAMLmetadataForApplication', (session) => apps.previewSAMLmetadataForApplication(session, app, 'kid')],
  ['listApplicationKeys', (session) => keys.listApplicationKeys(session, app)],
  ['getApplicationKey', (session) => keys.getApplicationKey(session, app, 'kid')],
  ['generateApplicationKey', (session) => keys.generateApplicationKey(session, app, 10)],
  ['getApplicationUser', (session) => appUsers.findApplicationUser(session, app, '00u1')],
  ['listApplicationUsers', (session) => appUsers.pageOfApplicationUsers(session, app, 'cursor')],
  [
    'assignUserToApplication',
    (session) => appUsers.assignUserToApplication(session, app, '00u1', { userName: 'a', profile: { a: 1 } }),
  ],
  [
    'updateApplicationUser',
    (session) => appUsers.updateApplicationUser(session, app, '00u1', { credentials: { userName: 'a' } }),
  ],
  ['unassignUserFromApplication', (session) => appUsers.unassignUserFromApplication(session, app, '00u1')],
  ['getApplicationGroupAssignment', (session) => groupAssignments.findApplicationGroupAssignment(session, app, '00g1')],
  ['listApplicationGroupAssignments', (session) => groupAssignments.listApplicationGroupAssignments(session, app)],
  ['assignGroupToApplication', (session) => groupAssignments.assignGroupToApplication(session, app, '00g1', { a: 1 })],
  ['unassignApplicationFromGroup', (session) => groupAssignments.unassignApplicationFromGroup(session, app, '00g1')],
  [
    'getDefaultProvisioningConnectionForApplication',
    (session) => connection.getDefaultProvisioningConnectionForApplication(session, app),
  ],
  [
    'updateDefaultProvisioningConnectionForApplication',
    (session) => connection.updateDefaultProvisioningConnectionForApplication(session, app, oauth2),
  ],
  [
    'activateDefaultProvisioningConnectionForApplication',
    (session) => connection.activateDefaultProvisioningConnectionForApplication(session, app),
  ],
  [
    'deactivateDefaultProvisioningConnectionForApplication',
    (session) => connection.deactivateDefaultProvisioningConnectionForApplication(session, app),
  ],
  ['getFeatureForApplication', (session) => features.getFeatureForApplication(session, app)],
  ['updateFeatureForApplication', (session) => features.updateFeatureForApplication(session, app, capabilities)],
  ['listIdentityProviders', (session) => idps.listIdentityProviders(session)],
  ['getIdentityProvider', (session) => idps.getIdentityProvider(session, '0oaI')],
  ['activateIdentityProvider', (session) => idps.activateIdentityProvider(session, '0oaI')],
  ['listIdentityProviderKeys', (session) => idpKeys.listIdentityProviderKeys(session)],
  ['getIdentityProviderKey', (session) => idpKeys.findIdentityProviderKey(session, 'kid')],
  ['listRolesForClient', (session) => clients.listRolesForClient(session, '0oaC')],
  ['assignRoleToClient', (session) => clients.assignRoleToClient(session, '0oaC', 'USER_ADMIN')],
  ['listScopeConsentGrants', (session) => clients.listScopeConsentGrants(session, '0oaC')],
  ['grantConsentToScope', (session) => clients.grantConsentToScope(session, '0oaC', 'okta.users.manage')],
  ['listGroups', (session) => groups.findGroupsByName(session, 'Sales')],
  ['getGroup', (session) => groups.findGroup(session, '00g1')],
  ['addGroup', (session) => groups.addGroup(session, { name: 'Sales', description: '' })],
  ['listGroupUsers', (session) => groups.listGroupUsers(session, '00g1')],
  ['assignUserToGroup', (session) => groups.assignUserToGroup(session, '00g1', '00u1')],
  ['getUser', (session) => users.getUser(session, 'me')],
  ['listUsers', (session) => users.findUserByLogin(session, 'a/b@x.com')],
  ['listAssignedRolesForUser', (session) => users.listAssignedRolesForUser(session, '00u1')],
  ['createUser', (session) => users.createUser(session, person, { activate: true, provider: true })],
  ['activateUser', (session) => users.activateUser(session, '00u1')],
  ['deactivateUser', (session) => users.deactivateUser(session, '00u1')],
  ['suspendUser', (session) => users.suspendUser(session, '00u1')],
  ['unsuspendUser', (session) => users.unsuspendUser(session, '00u1')],
  ['listLogEvents', (session) => listLogEvents(session, window)],
  ['getWellknownOrgMetadata', (session) => getWellknownOrgMetadata(session)],
  ['listApiTokens', (session) => listApiTokens(session)],
];

describe.skipIf(folder === null)("Okta's published API description (skipped where it is absent)", () => {
  test.each(calls)('agrees with the request of %s: operation, parameters, body and scope', async (operation, call) => {
    const server = await startServer((_request, response) => oktaError(response, 400, 'E0000001', 'Refused'));
    const session = openTestSession(server.url);
    await expect(call(session)).rejects.toThrow('E0000001');

    const [sent] = server.received;
    const { pathname, searchParams } = new URL(sent?.url ?? '', server.url);
    const described = Operation.parse(description.find(sent?.method ?? '', pathname));
    expect([session.evidence[0]?.operation, described.id]).toEqual([operation, operation]);
    const known = described.params.filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name);
    expect(known).toEqual(expect.arrayContaining([...searchParams.keys()]));
    const body = sent?.body === '' ? undefined : JSON.parse(sent?.body ?? '');
    const { errors } = Checked.parse(description.request(sent?.method ?? '', pathname, body));
    const excepted = (path: string, message: string) => isExcepted(operation, 0, `${path} ${message}`);
    expect(errors.filter(({ instancePath, message }) => !excepted(instancePath, message))).toEqual([]);
    const scopes = described.op.security?.flatMap((way) => way.oauth2 ?? []) ?? [];
    if (scopes.length > 0) expect(scopes).toContain(scopeOf(operation));
  });
});
