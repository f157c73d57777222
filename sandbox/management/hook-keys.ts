import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { generateSigningKey } from '../core/keys.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json, SigningKey } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';

const read = 'okta.inlineHooks.read';
const manage = 'okta.inlineHooks.manage';
const path = '/api/v1/hook-keys';

interface HookKey {
  readonly id: string;
  name: string;
  readonly created: string;
  lastUpdated: string;
  readonly key: SigningKey;
}

/** Registers the keys that sign the org's calls of inline hooks. */
export function registerHookKeys(server: FastifyInstance, org: Org): void {
  const keys = new Map<string, HookKey>();
  const hookKey = (call: Call): HookKey => {
    const found = keys.get(call.params.id ?? '');
    if (found === undefined) throw notFound(call.params.id ?? '', 'HookKey');
    return found;
  };
  const nameOf = (call: Call, own?: HookKey): string => {
    const name = asText(asObject(call.body).name) ?? '';
    if (name.trim() === '') throw invalid('name', 'name: The field cannot be left blank');
    const owner = [...keys.values()].find((entry) => entry.name === name);
    if (owner !== undefined && owner !== own) throw invalid('name', 'name: A key with this name exists already.');
    return name;
  };

  operation(server, org, { id: 'listHookKeys', method: 'GET', path, scope: read }, () =>
    ok([...keys.values()].map(answer)),
  );
  operation(server, org, { id: 'createHookKey', method: 'POST', path, scope: manage }, async (call) => {
    const name = nameOf(call);
    const key = await generateSigningKey({ commonName: org.name, validityYears: 10, clock: org.clock });
    const now = org.clock.iso();
    const added = { id: newId('HKY'), name, created: now, lastUpdated: now, key };
    keys.set(added.id, added);
    return ok({ ...answer(added), _embedded: publicKey(added) });
  });
  operation(server, org, { id: 'getPublicKey', method: 'GET', path: `${path}/public/:keyId`, scope: read }, (call) => {
    const found = [...keys.values()].find((entry) => entry.key.kid === call.params.keyId);
    if (found === undefined) throw notFound(call.params.keyId ?? '', 'HookKey');
    return ok(publicKey(found));
  });
  operation(server, org, { id: 'getHookKey', method: 'GET', path: `${path}/:id`, scope: read }, (call) =>
    ok(answer(hookKey(call))),
  );
  operation(server, org, { id: 'replaceHookKey', method: 'PUT', path: `${path}/:id`, scope: manage }, (call) => {
    const found = hookKey(call);
    found.name = nameOf(call, found);
    found.lastUpdated = org.clock.iso();
    return ok({ ...answer(found), _embedded: publicKey(found) });
  });
  operation(server, org, { id: 'deleteHookKey', method: 'DELETE', path: `${path}/:id`, scope: manage }, (call) => {
    keys.delete(hookKey(call).id);
    return noContent();
  });
}

function answer({ id, name, created, lastUpdated, key }: HookKey): Json {
  return { id, keyId: key.kid, name, created, lastUpdated, isUsed: 'false' };
}

function publicKey({ key }: HookKey): Json {
  return { kty: 'RSA', alg: 'RSA', kid: key.kid, use: 'sig', e: key.e, n: key.n };
}
