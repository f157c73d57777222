import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { timeSkippingEnvironment } from '../../setup/time-skipping.js';
import type { People } from '../../world/people.js';
import { provenTooEarly } from '../../world/proofs.js';
import { setUpForUsers } from '../../world/user-world.js';
import { problemsOf, type WorldUsers } from '../../world/users.js';
import { openWorld, type World } from '../../world/world.js';

describe.each(['gate', 'deactivate'] as const)(
  'a push that does not arrive in time, with whenPushFails: %s',
  (policy) => {
    let environment: TestWorkflowEnvironment;
    let world: World;
    let users: WorldUsers;
    let people: People;

    beforeAll(async () => {
      environment = await timeSkippingEnvironment();
      const { client, nativeConnection: connection } = environment;
      world = await openWorld({ client, connection, workflowBundle: inject('workflowBundle') });
      await world.startWorkers();
      ({ users, people } = await setUpForUsers(world, { users: { pushWithinMinutes: 1, whenPushFails: policy } }));
    });
    afterAll(async () => {
      await world.stop();
      await environment.teardown();
    });

    /** The IdP org has begun to push, and the SP org does not answer it. */
    function held(operation: 'createUser' | 'deactivateUser') {
      const fault = { org: 'sp', operation, from: 'provisioning', kind: 'slow', delayMs: 60_000, count: null };
      return world.sandbox.faults.add(FaultRequest.parse(fault));
    }

    it.skipIf(policy !== 'gate')('links nobody who became an administrator while the IdP org was away', async () => {
      const login = 'promoted@acme.example';
      const idpId = await people.inIdp(login);
      const spId = await people.inSp(login);
      const away = { org: 'idp', operation: 'assignUserToApplication', kind: 'status', status: 503, count: null };
      const fault = world.sandbox.faults.add(FaultRequest.parse(away));
      const { transition } = await users.send('onboard', login);
      await users.settled(login, transition.number, ({ state }) => state === 'waiting');
      await people.role(spId);
      await environment.sleep('2 minutes');
      world.sandbox.faults.remove(fault.id);
      await environment.sleep('20 minutes');
      const ended = await users.settled(login, transition.number);
      expect(problemsOf(ended).join()).toContain('O2O_SP_USER_NEVER_LINKED');
      expect(await people.assignment(idpId)).toBeNull();
    });

    it.skipIf(policy !== 'gate')('is told attribute by attribute where the SP org shows something else', async () => {
      const login = 'edited-there@acme.example';
      const { spId } = await people.provisioned(login);
      await world.spAdmin.post(`/api/v1/users/${spId}`, { profile: { lastName: 'Elsewhere' } });
      const { transition } = await users.send('onboard', login);
      await expect.poll(async () => (await users.get(login)).state, { timeout: 40_000 }).toBe('waiting');
      await environment.sleep('3 minutes');
      const asked = await users.settled(login, transition.number);
      const { gate } = asked.steps.find((step) => step.gate !== null) ?? {};
      expect(gate).toMatchObject({ kind: 'notProvisioned', evidence: { shown: expect.stringContaining('lastName') } });
      expect(asked).toMatchObject({ state: 'gate', endedAt: null });
    });

    it('does not end an offboarding: the user is deactivated there directly, or a person is asked', async () => {
      const login = 'late@acme.example';
      const { spId } = await people.provisioned(login);
      const fault = held('deactivateUser');
      const { transition } = await users.send('offboard', login);
      await expect.poll(() => fault.hits, { timeout: 30_000 }).toBe(1);
      await environment.sleep('3 minutes');
      const ended = await users.settled(login, transition.number);
      world.sandbox.faults.remove(fault.id);
      if (policy === 'gate') {
        expect(ended).toMatchObject({ state: 'gate', proof: null });
        expect(ended.steps.find(({ gate }) => gate !== null)?.gate?.kind).toBe('pushNotArrived');
        expect((await people.find('sp', spId))?.status).toBe('ACTIVE');
        await users.answer(login, ended, 'deactivate');
      }
      const done = await users.settled(login, transition.number, ({ state }) => state === 'done');
      expect(problemsOf(done)).toEqual([]);
      expect(provenTooEarly(done)).toEqual([]);
      expect((await people.find('sp', spId))?.status).toBe('DEPROVISIONED');
    });
  },
);
