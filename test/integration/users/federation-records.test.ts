import { expect, it, onTestFinished } from 'vitest';
import { FederationRecords } from '../../../src/commands/federation-records.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { federationId, withoutPeople } from '../../world/world.js';

it('what a setup has just changed counts for the next single user, however lately the federation was read', async () => {
  const at = await FederatedWorld.start();
  onTestFinished(() => at.stop());
  const records = new FederationRecords(at.world.client, 600_000);
  const exempt = async (read: 'forUsers' | 'freshForUsers') =>
    (await records[read](federationId, 'offboard')).users.exempt;
  expect(await exempt('forUsers')).toEqual([]);
  await at.world.setUp(withoutPeople({ users: { exempt: ['kept@acme.example'] } }));
  expect(await exempt('freshForUsers')).toEqual(['kept@acme.example']);
  expect(await exempt('forUsers')).toEqual([]);
});
