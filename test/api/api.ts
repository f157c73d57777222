import { createHash } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { type ApiOptions, buildApi } from '../../src/api/app.js';
import type { Role } from '../../src/domain/gate.js';
import { openLedger } from '../../src/ledger/ledger.js';
import { newLedger } from '../world/new-ledger.js';

/** Tokens that the tests' API knows, by the role that each has. */
export const tokens: Record<Role, string> = {
  viewer: 'viewer-token-of-the-tests',
  operator: 'operator-token-of-the-tests',
  approver: 'approver-token-of-the-tests',
};

/** The same tokens as the API's configuration has them. */
export const apiTokens = (['viewer', 'operator', 'approver'] as const).map((role) => ({
  name: `${role}@tests`,
  sha256: createHash('sha256').update(tokens[role]).digest('hex'),
  roles: [role],
}));

export function bearer(role: Role): { authorization: string } {
  return { authorization: `Bearer ${tokens[role]}` };
}

/** A ledger that is down. */
const ledgerAway = openLedger('postgres://nobody@127.0.0.1:1/none');

/** An API in front of the given Temporal client, with a ledger of its own; without a client Temporal and the ledger are down. */
export async function startApi(temporal?: Client, options: Partial<ApiOptions> = {}): Promise<FastifyInstance> {
  const client = temporal ?? new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
  const own = temporal === undefined || options.ledger !== undefined ? null : await newLedger();
  const app = await buildApi({
    temporal: client,
    temporalUiUrl: 'http://127.0.0.1:8233',
    orgs: {
      partner: { url: 'https://partner.okta.com' },
      company: { url: 'https://company.okta.com', alsoAt: ['https://sso.company.com'] },
    },
    apiTokens,
    ledger: own ?? ledgerAway,
    ...options,
  });
  onTestFinished(async () => {
    await app.close();
    await own?.close();
    if (temporal === undefined) await client.connection.close();
  });
  return app;
}

/** A specification that the tests' registry can take. */
export const spec = { idp: 'partner', sp: 'company' };
