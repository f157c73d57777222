import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import { VerificationOptions } from '../../../src/domain/verification.js';
import { AgreedOperations } from '../../world/agreed-operations.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { canaries, verify } from '../../world/verification-and-drift.js';
import { federationId, operator, specification, type World } from '../../world/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
  expect(problems(await world.setUp())).toEqual([]);
});

afterAll(() => world.stop());

const command = (kind: 'verification' | 'drift') => ({
  kind,
  options: kind === 'verification' ? VerificationOptions.parse({}) : { policy: 'report', ignore: [] },
  actor: operator,
  idempotencyKey: null,
});

describe('a verification', () => {
  it('names what broke the connection, and removes the canary all the same', async () => {
    const { known } = await world.federations.get(federationId);
    await world.spAdmin.post(`/api/v1/idps/${known.identityProviderId}/lifecycle/deactivate`);
    const report = await verify(world);
    expect(report.result).toBe('failed');
    expect(report.configuration.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual([
      'identityProviderActive',
    ]);
    expect(report.checklist.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'idpAuthentication passed',
      'crossTenantRedirect failed',
      'appearsInDirectory passed',
      'appAssignment passed',
      'endToEnd unknown',
    ]);
    expect(canaries(world)).toEqual([]);
    expect((await world.federations.get(federationId)).live ?? null).toBeNull();
    expect(problems(await world.setUp())).toEqual([]);
  });

  it('says that leavers stay where deactivations are not pushed, and removes the canary from both orgs itself', async () => {
    const off = { provisioning: { features: { deactivate: false } } };
    expect(problems(await world.setUp(specification(off)))).toEqual([]);
    const report = await verify(world);
    expect(report.result).toBe('failed');
    expect(report.keyPoints.find(({ name }) => name === 'deactivation')).toMatchObject({
      result: 'failed',
      fix: expect.stringContaining('provisioning.features.deactivate'),
    });
    expect(canaries(world)).toEqual([]);
    expect(problems(await world.setUp())).toEqual([]);
  });

  it('tries nothing with a canary where nobody is provisioned by agreement', async () => {
    const off = { provisioning: { features: { create: false } } };
    expect(problems(await world.setUp(specification(off)))).toEqual([]);
    const report = await verify(world);
    expect(report.result).toBe('unknown');
    expect(new Set(report.checklist.map(({ result }) => result))).toEqual(new Set(['unknown']));
    expect(problems(await world.setUp())).toEqual([]);
  });

  it('removes what a verification that was ended from outside has left, and nobody else', async () => {
    const left = [`org2org-canary.${federationId}.1@example.com`, `org2org-canary.another.1@example.com`];
    for (const login of left) await world.idpAdmin.addUser(login, 'Planted-Password-4711');
    expect((await verify(world)).result).toBe('passed');
    expect(canaries(world)).toEqual([left[1]]);
  });

  it('names a canary that cannot be removed', async () => {
    const fault = FaultRequest.parse({ org: 'idp', operation: 'deleteUser', kind: 'status', status: 403, count: null });
    const { id } = world.sandbox.faults.add(fault);
    const report = await verify(world);
    world.sandbox.faults.remove(id);
    const check = report.canary.find(({ name }) => name === 'noCanaryLeft');
    expect(check).toMatchObject({ result: 'failed', detail: expect.stringContaining('in acme') });
    expect(report.result).toBe('failed');
    expect((await verify(world)).result).toBe('passed');
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    [
      'the IdP org refuses to create it',
      { org: 'idp', operation: 'createUser' },
      'onboard-idpUser',
      'okta.users.manage',
    ],
    [
      'the SP org refuses to give it access',
      { org: 'sp', operation: 'assignUserToGroup' },
      'onboard-access',
      'okta.groups.manage',
    ],
    [
      'the IdP org refuses the change of its profile',
      // The first one sets its password.
      { org: 'idp', operation: 'updateUser', skip: 1 },
      'update-profile',
      'okta.users.manage',
    ],
    [
      'the SP org refuses the push of its deactivation',
      { org: 'sp', operation: 'deactivateUser', from: 'provisioning' },
      'deactivation',
      'Dashboard > Tasks',
    ],
  ])('fails where %s, names the fix, and leaves no canary', async (_, refused, name, fix) => {
    const fault = FaultRequest.parse({ kind: 'status', status: 403, errorCode: 'E0000006', count: null, ...refused });
    const { id } = world.sandbox.faults.add(fault);
    const report = await verify(world);
    world.sandbox.faults.remove(id);
    expect(report.result).toBe('failed');
    const failed = [...report.canary, ...report.keyPoints].filter(({ result }) => result === 'failed');
    expect(failed.filter((check) => check.fix === null)).toEqual([]);
    expect(failed.find((check) => check.name === name)?.fix).toContain(fix);
    expect(canaries(world).filter((login) => login.includes(`.${federationId}.`))).toEqual([]);
  });

  it('removes the canary when it is cancelled on the way', async () => {
    const slow = FaultRequest.parse({ org: 'sp', kind: 'slow', delayMs: 3_000, operation: 'assignUserToGroup' });
    const fault = world.sandbox.faults.add(slow);
    const { operation } = await world.federations.operate(federationId, command('verification'));
    await expect.poll(() => fault.hits, { timeout: 60_000 }).toBe(1);
    await world.client.workflow.getHandle(operation.workflowId).cancel();
    await expect(world.client.workflow.getHandle(operation.workflowId).result()).rejects.toThrow();
    expect(canaries(world).filter((login) => login.includes(`.${federationId}.`))).toEqual([]);
    await world.settled();
  });
});

describe('an operation that does not fit', () => {
  it('a verification while a setup runs is refused, and joins the same one that runs', async () => {
    const slow = FaultRequest.parse({ org: 'idp', kind: 'slow', delayMs: 2_000, count: 1 });
    world.sandbox.faults.add(slow);
    await world.send('setup');
    const refused = world.federations.operate(federationId, command('verification'));
    await expect(refused).rejects.toMatchObject({ code: 'O2O_OPERATION_RUNNING' });
    await world.settled();
    const [one, other] = await Promise.all([
      world.federations.operate(federationId, command('verification')),
      world.federations.operate(federationId, command('verification')),
    ]);
    expect(one.operation.number).toBe(other.operation.number);
    await new AgreedOperations(world).settled('verification');
  });
});

describe('a federation goes live', () => {
  it('once, by what came first', async () => {
    const { live } = await world.federations.get(federationId);
    expect(live).toMatchObject({ verification: expect.any(Number), by: operator.name, why: null });
    const order = { why: 'we know better', actor: { name: 'approver', roles: ['approver' as const] } };
    expect(await world.federations.goLive(federationId, order, null)).toEqual(live);
  });
});
