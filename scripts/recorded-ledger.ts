import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AuditTrail } from '../src/commands/audit-trail.js';
import { Erasures } from '../src/commands/erasures.js';
import { userKey } from '../src/commands/user-key.js';
import { Org2OrgError } from '../src/domain/errors.js';
import type { Ledger } from '../src/ledger/ledger.js';
import { auditEntriesWorkflowId, kindAttribute, userWorkflowId } from '../src/workflows/messages.js';
import { WorldUsers } from '../test/world/users.js';
import { federationId, operator, testUserPassword, type World, withoutPeople } from '../test/world/world.js';

/** A ledger that is away for the API, not for the workers. */
const away: Ledger = {
  embedded: false,
  ask: () => Promise.reject(new Org2OrgError('O2O_LEDGER_UNAVAILABLE')),
  close: async () => {},
};

/** An offboarding whose proof goes to the ledger, rows of the audit that waited for it, and an erasure. */
export async function ledgerOf(world: World): Promise<Readonly<Record<string, string>>> {
  await world.setUp(withoutPeople());
  const login = 'erased@acme.example';
  await world.idpAdmin.addUser(login, testUserPassword);
  const users = new WorldUsers(world);
  await users.carryOut('onboard', login);
  await users.carryOut('offboard', login);
  const user = userWorkflowId(federationId, userKey(federationId, login));
  await world.client.workflow.getHandle(user).result();

  await new AuditTrail(world.client, away, () => {}).enter({
    entryId: randomUUID(),
    at: new Date().toISOString(),
    action: 'user.offboard',
    federationId,
    outcome: 'accepted',
    code: null,
    details: { status: 202 },
    actor: { name: operator.name, sourceAddress: null, userAgent: null },
    subject: { login, reason: null, ticket: null, idempotencyKey: null },
  });
  await world.client.workflow.getHandle(auditEntriesWorkflowId).result();

  await erase(world, login);
  return { proof: user, 'audit-entries': auditEntriesWorkflowId, erasure: await erasureOf(world) };
}

async function erase({ client }: World, login: string): Promise<void> {
  for (;;) {
    try {
      await new Erasures(client).erase(federationId, login);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'O2O_ERASURE_BUSY')) throw error;
      await setTimeout(500);
    }
  }
}

/** The erasure that went through, once Temporal lists it. */
async function erasureOf({ client }: World): Promise<string> {
  for (;;) {
    const query = `${kindAttribute.name} = 'erasure' AND ExecutionStatus = 'Completed'`;
    for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
    await setTimeout(100);
  }
}
