import { z } from 'zod';
import { FoundFederations } from '../../src/commands/found-federations.js';
import type { Adoption } from '../../src/domain/adoption.js';
import type { ExportedSpec } from '../../src/domain/exported-spec.js';
import type { OperationAccepted } from '../../src/domain/federation.js';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import { normalizeFederationSpec } from '../../src/domain/normalize-federation-spec.js';
import { federationId, operator, patiently, type World } from './world.js';

const JsonObject = z.record(z.string(), z.unknown());

function addresses(world: World): readonly string[] {
  const { url, alsoAt } = world.orgs.get('partner') ?? { url: '', alsoAt: [] };
  return [url, ...alsoAt];
}

function normalized(world: World, document: unknown) {
  return normalizeFederationSpec(FederationSpecDocument.parse(document), Object.fromEntries(world.orgs));
}

/** What is federated between the two orgs, from nothing but their names. @throws Error if that has written anything */
export async function pairsOf(world: World): Promise<Adoption> {
  const { spec, orgs } = normalized(world, { idp: 'acme', sp: 'partner' });
  return withoutWrites(world, () =>
    new FoundFederations(world.client).pairs({ spec, orgs, addresses: addresses(world) }),
  );
}

/** The federation's specification as both orgs hold it. @throws Error if that has written anything */
export async function exported(world: World): Promise<ExportedSpec> {
  const { spec, orgs, known } = await world.federations.spec(federationId);
  const input = { spec, orgs, known, addresses: addresses(world) };
  return withoutWrites(world, () => new FoundFederations(world.client).spec(federationId, input));
}

/** A specification as a document that a test may change. */
export function documentOf(spec: unknown): Record<string, unknown> {
  return JsonObject.parse(structuredClone(spec));
}

/** Sends a setup for a federation of another id. */
export function applyAs(world: World, id: string, document: unknown): Promise<OperationAccepted> {
  const command = { federationId: id, ...normalized(world, document), actor: operator, idempotencyKey: null };
  return patiently(() => world.federations.start('setup', command));
}

async function withoutWrites<Result>(world: World, ask: () => Promise<Result>): Promise<Result> {
  world.sandbox.requests.clear();
  const result = await ask();
  const writes = world.writes();
  if (writes.length > 0) throw new Error(`a look wrote ${JSON.stringify(writes)}`);
  return result;
}
