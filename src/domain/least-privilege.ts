import type { OrgRole } from './assessment.js';
import { failed, type Judgement, passed, unknown } from './diagnosis-check.js';

/** A scope that an org's service app needs, and what for. */
export interface NeededScope {
  readonly scope: string;
  /** Okta's operations that need it. */
  readonly operations: readonly string[];
}

/** How a worker signs in to an org. Nothing here is a secret. */
export type SeenAccess =
  | { readonly kind: 'apiToken' }
  | { readonly kind: 'serviceApp'; readonly clientId: string; readonly scopes: readonly string[] };

/** Whether scopes that are held cover one that is needed: `manage` covers `read`. */
function covers(held: readonly string[], scope: string): boolean {
  return held.includes(scope) || (scope.endsWith('.read') && held.includes(scope.replace(/\.read$/, '.manage')));
}

/** Whether every needed scope is held; `refused` are those that Okta gives no token for. */
export function judgeNeededScopes(
  held: readonly string[],
  needed: readonly NeededScope[],
  refused: readonly string[],
): Judgement {
  const missing = needed.filter(({ scope }) => !covers(held, scope));
  const told = [
    ...missing.map(({ scope, operations }) => `${scope} (for ${operations.slice(0, 3).join(', ')}) is not asked for`),
    ...refused.map((scope) => `${scope} is asked for, but not granted`),
  ];
  if (told.length === 0) return passed(`all ${needed.length} of them`);
  const names = [...missing.map(({ scope }) => scope), ...refused].join(', ');
  return failed(
    told.join('; '),
    `Grant ${names} to the service app (Okta API Scopes), name what is asked for under scopes of this org in the worker's configuration, and restart the worker.`,
  );
}

/** Whether no scope is held that nothing needs. */
export function judgeExcessScopes(
  held: readonly string[],
  needed: readonly NeededScope[],
  helpful: readonly string[],
): Judgement {
  const wanted = [...needed.map(({ scope }) => scope), ...helpful];
  const excess = held.filter((scope) => !wanted.includes(scope));
  if (excess.length === 0) return passed('none');
  return failed(
    excess.join(', '),
    `Take ${excess.join(', ')} out of scopes of this org in the worker's configuration, and revoke the consent at the service app.`,
  );
}

/** Sets of administrator roles that are enough, the least first. Okta lets only a Super Administrator give clients roles. */
const enough: Readonly<Record<OrgRole, Readonly<Record<'oauth2' | 'token', readonly (readonly string[])[]>>>> = {
  idp: {
    oauth2: [['APP_ADMIN', 'USER_ADMIN'], ['APP_ADMIN', 'ORG_ADMIN'], ['SUPER_ADMIN']],
    token: [['APP_ADMIN', 'USER_ADMIN'], ['APP_ADMIN', 'ORG_ADMIN'], ['SUPER_ADMIN']],
  },
  sp: { oauth2: [['SUPER_ADMIN']], token: [['APP_ADMIN', 'ORG_ADMIN'], ['SUPER_ADMIN']] },
};

/** A role whose rights are given one by one: what it allows is not told here. */
const custom = 'CUSTOM';

/** Whether the roles are enough. */
export function judgeNeededRoles(roles: readonly string[], role: OrgRole, auth: 'oauth2' | 'token'): Judgement {
  const sets = enough[role][auth];
  if (sets.some((set) => set.every((each) => roles.includes(each)))) return passed(roles.join(', '));
  const least = (sets[0] ?? []).join(' and ');
  const detail = `${roles.join(', ') || 'no administrator role'}; needed ${least}`;
  const fix = `Give ${least} to the service app, or to the owner of the API token, under Security > Administrators.`;
  return roles.includes(custom)
    ? unknown(`${detail}; what a custom role allows is not looked at`, fix)
    : failed(detail, fix);
}

/** Whether no role allows more than is needed. */
export function judgeExcessRoles(roles: readonly string[], role: OrgRole, auth: 'oauth2' | 'token'): Judgement {
  const set = enough[role][auth].find((each) => each.every((one) => roles.includes(one)));
  const least = enough[role][auth][0] ?? [];
  if (set === undefined) return passed('not more than is needed');
  const excess = set === least ? roles.filter((each) => !least.includes(each)) : roles;
  if (excess.length === 0) return passed(roles.join(', '));
  return failed(
    `${excess.join(', ')}, where ${least.join(' and ')} would do`,
    `Give ${least.join(' and ')} instead, under Security > Administrators.`,
  );
}
