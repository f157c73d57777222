import type { FastifyInstance } from 'fastify';
import { link, logoLinks } from '../core/links.js';
import { notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders } from '../core/pagination.js';
import type { Json, RoleAssignment } from '../core/records.js';
import { type Call, noContent, ok, operation } from '../core/routing.js';
import { catalogApp } from './app-catalog.js';
import { groupAnswer, groupOf } from './groups.js';
import { roleTargets } from './role-types.js';
import { type Holder, roleOf } from './roles.js';

const manage = 'okta.roles.manage';
const read = 'okta.roles.read';
const limits: PageLimits = { standard: 20, most: 200, selfWithLimit: true };

const operationIds = {
  user: {
    listGroups: 'listGroupTargetsForRole',
    addGroup: 'assignGroupTargetToUserRole',
    removeGroup: 'unassignGroupTargetFromUserAdminRole',
    listApps: 'listApplicationTargetsForApplicationAdministratorRoleForUser',
    addApp: 'assignAppTargetToAdminRoleForUser',
    removeApp: 'unassignAppTargetFromAppAdminRoleForUser',
    addInstance: 'assignAppInstanceTargetToAppAdminRoleForUser',
    removeInstance: 'unassignAppInstanceTargetFromAdminRoleForUser',
  },
  group: {
    listGroups: 'listGroupTargetsForGroupRole',
    addGroup: 'assignGroupTargetToGroupAdminRole',
    removeGroup: 'unassignGroupTargetFromGroupAdminRole',
    listApps: 'listApplicationTargetsForApplicationAdministratorRoleForGroup',
    addApp: 'assignAppTargetToAdminRoleForGroup',
    removeApp: 'unassignAppTargetToAdminRoleForGroup',
    addInstance: 'assignAppInstanceTargetToAppAdminRoleForGroup',
    removeInstance: 'unassignAppInstanceTargetToAppAdminRoleForGroup',
  },
  client: {
    listGroups: 'listGroupTargetRoleForClient',
    addGroup: 'assignGroupTargetRoleForClient',
    removeGroup: 'removeGroupTargetRoleFromClient',
    listApps: 'listAppTargetRoleToClient',
    addApp: 'assignAppTargetRoleToClient',
    removeApp: 'removeAppTargetRoleFromClient',
    addInstance: 'assignAppTargetInstanceRoleForClient',
    removeInstance: 'removeAppTargetInstanceRoleForClient',
  },
} as const;

/** Registers the groups and apps that a role is limited to. */
export function registerRoleTargets(server: FastifyInstance, org: Org, holder: Holder): void {
  const ids = operationIds[holder.kind];
  const groups = `${holder.path}/:roleId/targets/groups`;
  const apps = `${holder.path}/:roleId/targets/catalog/apps`;
  const role = (call: Call, kind: 'groups' | 'apps'): RoleAssignment => {
    const found = roleOf(org, holder, call);
    if (roleTargets[found.type] !== kind) throw new OktaError('E0000091');
    return found;
  };

  operation(server, org, { id: ids.listGroups, method: 'GET', path: groups, scope: read }, (call) => {
    const targets = role(call, 'groups').targetGroupIds.flatMap((id) => org.groups.get(id) ?? []);
    return ok(
      targets.map((group) => groupAnswer(org, group)),
      pageHeaders(call, undefined, limits),
    );
  });
  operation(
    server,
    org,
    { id: ids.addGroup, method: 'PUT', path: `${groups}/:targetGroupId`, scope: manage },
    (call) => {
      const found = role(call, 'groups');
      const { id } = groupOf(org, call.params.targetGroupId ?? '');
      if (!found.targetGroupIds.includes(id)) found.targetGroupIds.push(id);
      return noContent();
    },
  );
  operation(
    server,
    org,
    { id: ids.removeGroup, method: 'DELETE', path: `${groups}/:targetGroupId`, scope: manage },
    (call) => {
      const { targetGroupIds } = role(call, 'groups');
      remove(targetGroupIds, targetGroupIds.indexOf(call.params.targetGroupId ?? ''), call.params.targetGroupId);
      return noContent();
    },
  );
  operation(server, org, { id: ids.listApps, method: 'GET', path: apps, scope: read }, (call) =>
    ok(
      role(call, 'apps').targetApps.map((target) => appTargetAnswer(org, target)),
      pageHeaders(call, undefined, limits),
    ),
  );
  for (const [id, suffix] of [
    [ids.addApp, ''],
    [ids.addInstance, '/:appId'],
  ] as const) {
    operation(server, org, { id, method: 'PUT', path: `${apps}/:appName${suffix}`, scope: manage }, (call) => {
      const { targetApps } = role(call, 'apps');
      const { appName = '', appId = null } = call.params;
      if (appId !== null && !org.apps.has(appId)) throw notFound(appId, 'AppInstance');
      if (indexOf(targetApps, appName, appId) < 0) targetApps.push({ name: appName, appId });
      return noContent();
    });
  }
  for (const [id, suffix] of [
    [ids.removeApp, ''],
    [ids.removeInstance, '/:appId'],
  ] as const) {
    operation(server, org, { id, method: 'DELETE', path: `${apps}/:appName${suffix}`, scope: manage }, (call) => {
      const { targetApps } = role(call, 'apps');
      const { appName = '', appId = null } = call.params;
      remove(targetApps, indexOf(targetApps, appName, appId), appId ?? appName);
      return noContent();
    });
  }
}

function indexOf(targets: RoleAssignment['targetApps'], name: string, appId: string | null): number {
  return targets.findIndex((target) => target.name === name && target.appId === appId);
}

function remove(targets: unknown[], index: number, id: string | undefined): void {
  if (index < 0) throw notFound(id ?? '', 'RoleTarget');
  targets.splice(index, 1);
}

function appTargetAnswer(org: Org, target: RoleAssignment['targetApps'][number]): Json {
  const app = target.appId === null ? undefined : org.apps.get(target.appId);
  if (app !== undefined) {
    return { name: app.label, status: app.status, id: app.id, _links: { self: link(org, `/apps/${app.id}`) } };
  }
  const known = catalogApp(target.name);
  return {
    name: target.name,
    displayName: known?.displayName ?? target.name,
    description: '',
    status: 'ACTIVE',
    lastUpdated: org.created,
    category: 'SOCIAL',
    verificationStatus: 'OKTA_VERIFIED',
    website: '',
    signOnModes: known?.signOnModes ?? [],
    features: [],
    _links: { logo: logoLinks(org, target.name), self: link(org, `/catalog/apps/${target.name}`) },
  };
}
