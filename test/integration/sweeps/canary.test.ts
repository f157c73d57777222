import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enforce, SweptFederation } from '../../world/swept-federation.js';

let swept: SweptFederation;

beforeAll(async () => {
  swept = await SweptFederation.of(20);
});
afterAll(() => swept.stop());

const limits = { ...enforce.limits, canary: 1, inFlight: 1 };
const active = (logins: readonly string[]) => logins.filter((login) => swept.at.held(login).sp?.status === 'ACTIVE');

describe('where the SP org says yes and does nothing', () => {
  let leavers: string[];

  beforeAll(async () => {
    leavers = [];
    for (let number = 1; number <= 6; number += 1) {
      leavers.push(await swept.people.someone(`left-${number}`, 'unassigned'));
    }
  });

  it('the first user reads back wrong, and the rest is left alone', async () => {
    swept.fault('sp', 'deactivateUser', { kind: 'status', status: 200, count: null });
    swept.at.world.sandbox.requests.clear();
    const ended = await swept.sweeps.carryOut({ ...enforce, limits });
    swept.at.world.sandbox.faults.remove();
    expect(ended).toMatchObject({ state: 'stopped', actions: { listed: 6, done: 0, failed: 1, pending: 5 } });
    expect(ended.steps.find(({ name }) => name === 'canary')?.problem?.code).toBe('O2O_SWEEP_STOPPED');
    expect(active(leavers)).toEqual(leavers);
    const written = swept.at.world.sandbox.requestsTo('sp', { write: true }).map(({ operation }) => operation);
    expect(written.filter((operation) => operation === 'deactivateUser')).toHaveLength(1);
  });

  it('too many fail after the first, and the rest is left alone', async () => {
    swept.fault('sp', 'deactivateUser', { kind: 'status', status: 200, skip: 1, count: null });
    const ended = await swept.sweeps.carryOut({ ...enforce, limits });
    swept.at.world.sandbox.faults.remove();
    expect(ended).toMatchObject({ state: 'stopped', actions: { done: 1 } });
    expect(ended.steps.find(({ name }) => name === 'actions')?.problem?.code).toBe('O2O_SWEEP_STOPPED');
    expect(active(leavers)).toHaveLength(5);
  });

  it('the next sweep takes whoever is left, and nobody else', async () => {
    const before = swept.at.everybodyBut(...leavers);
    expect(await swept.sweeps.carryOut({ ...enforce, limits })).toMatchObject({ state: 'done', actions: { done: 5 } });
    expect(active(leavers)).toEqual([]);
    expect(swept.at.everybodyBut(...leavers)).toEqual(before);
  });
});
