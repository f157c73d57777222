import fc from 'fast-check';
import { expect, it } from 'vitest';
import { provisioningState, sortByProvisioning } from '../../src/domain/provisioned-users.js';

const appUser = fc.record({
  id: fc.uuid(),
  status: fc.constantFrom('STAGED', 'PROVISIONED', 'ACTIVE', 'DEPROVISIONED', 'PENDING', 'SUSPENDED'),
  scope: fc.constantFrom('USER', 'GROUP'),
  syncState: fc.option(fc.constantFrom('ERROR', 'SYNCHRONIZED', 'SYNCING', 'DISABLED')),
  externalId: fc.option(fc.uuid()),
});

it('counts every assigned user exactly once', () => {
  fc.assert(
    fc.property(fc.array(appUser), (users) => {
      const page = sortByProvisioning(users);
      expect(page.provisioned.length + page.queued.length + page.failed.length + page.notProvisioned.length).toBe(
        users.length,
      );
    }),
  );
});

it('never calls a user provisioned without an id in the SP org, nor one whose last push failed', () => {
  fc.assert(
    fc.property(appUser, (user) => {
      if (provisioningState(user) !== 'provisioned') return;
      expect(user.externalId).not.toBeNull();
      expect(user.syncState).not.toBe('ERROR');
    }),
  );
});

it('knows a user who was assigned before provisioning was on', () => {
  const user = { id: 'u', status: 'ACTIVE', scope: 'USER', syncState: 'DISABLED', externalId: null };
  expect(provisioningState(user)).toBe('notProvisioned');
});
