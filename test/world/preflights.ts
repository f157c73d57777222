import { OrgAdmin } from '../../demo/org-admin.js';
import { createServiceApp } from '../../demo/service-app.js';
import { Preflights } from '../../src/commands/preflights.js';
import { findOrg } from '../../src/config/org-registry.js';
import type { Check } from '../../src/domain/check.js';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import { normalizeFederationSpec } from '../../src/domain/normalize-federation-spec.js';
import type { Preflight } from '../../src/domain/preflight.js';
import { id, objects } from './okta-admin.js';
import { type World, withoutPeople } from './world.js';

/** Asks for a preflight. @throws Error if that has written anything */
export async function preflightOnce(
  world: World,
  document: Record<string, unknown> = withoutPeople(),
): Promise<Preflight> {
  const { spec, orgs } = normalizeFederationSpec(
    FederationSpecDocument.parse(document),
    Object.fromEntries(world.orgs),
  );
  world.sandbox.requests.clear();
  const preflight = await new Preflights(world.client).preflight({ spec, orgs });
  const writes = world.writes();
  if (writes.length > 0) throw new Error(`the preflight wrote ${JSON.stringify(writes)}`);
  return preflight;
}

/** Asks for a preflight, again where the machine was too slow for a read. */
export async function preflightOf(world: World, document?: Record<string, unknown>): Promise<Preflight> {
  for (;;) {
    const preflight = await preflightOnce(world, document);
    if (!preflight.checks.some(({ detail }) => detail.includes('in time'))) return preflight;
  }
}

/** What a check says, with its fix; among checks and advice. */
export function told({ checks, advice }: Preflight, name: string): readonly [result: string, told: string] {
  const check = [...checks, ...advice].find((found) => found.name === name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return [check.result, `${check.detail} ${check.fix ?? ''}`];
}

/** Names of the checks with a result. */
export function named(checks: readonly Check[], result: Check['result']): string[] {
  return checks.filter((check) => check.result === result).map(({ name }) => name);
}

/** Lets the workers into an org by a service app: what was granted to it, what it asks for, its roles. */
export async function byServiceApp(
  world: World,
  side: 'idp' | 'sp',
  {
    granted,
    asked = granted,
    roles,
  }: { granted: readonly string[]; asked?: readonly string[]; roles?: readonly string[] },
): Promise<void> {
  const org = side === 'idp' ? 'acme' : 'partner';
  const admin = side === 'idp' ? world.idpAdmin : world.spAdmin;
  const { clientId, keyId, privateKey } = await createServiceApp(new OrgAdmin(world.sandbox[side]), granted);
  const path = `/oauth2/v1/clients/${clientId}/roles`;
  if (roles !== undefined) {
    for (const role of objects(await admin.get(path))) await admin.delete(`${path}/${id(role)}`);
    for (const type of roles) await admin.post(path, { type });
  }
  world.secrets.set(`env:KEY_OF_${side}`, privateKey);
  const auth = { privateKey: { clientId, keyId, key: `env:KEY_OF_${side}`, scopes: [...asked] } };
  world.orgs.set(org, { ...findOrg(world.orgs, org), auth });
}
