import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { buildApi } from '../../src/api/app.js';
import { apiTokens } from '../api/api.js';
import { id } from './okta-admin.js';
import type { World } from './world.js';

const secret = 'planted-hook-secret';

/** Event types that docs/operations.md has a hook registered for. */
const items = [
  'user.lifecycle.deactivate',
  'user.lifecycle.suspend',
  'user.lifecycle.delete.initiated',
  'application.user_membership.remove',
  'group.user_membership.remove',
];

/** An API on loopback and an event hook of the IdP org that leads to it, not yet verified. */
export interface RegisteredHook {
  readonly id: string;
  verify(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the API and registers the hook in the IdP org. */
export async function registerHook({ client, idpAdmin, sandbox, ledger }: World): Promise<RegisteredHook> {
  const sha256 = [createHash('sha256').update(secret).digest('hex')];
  const api = await buildApi({
    temporal: client,
    ledger,
    orgs: { acme: { url: sandbox.idp.url, eventHook: { sha256 } } },
    apiTokens,
  });
  await api.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.address() as AddressInfo;
  const uri = `http://127.0.0.1:${port}/v1/hooks/okta/acme`;
  const hookId = id(
    await idpAdmin.post('/api/v1/eventHooks', {
      name: 'org2org',
      events: { type: 'EVENT_TYPE', items },
      channel: {
        type: 'HTTP',
        version: '1.0.0',
        config: { uri, authScheme: { type: 'HEADER', key: 'Authorization', value: secret } },
      },
    }),
  );
  return {
    id: hookId,
    verify: () => idpAdmin.post(`/api/v1/eventHooks/${hookId}/lifecycle/verify`),
    stop: () => api.close(),
  };
}
