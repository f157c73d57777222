import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import type { SweepRecord } from '../../../src/domain/sweep.js';
import { apiTokens, bearer } from '../../api/api.js';
import { wideOpen } from '../../world/sweeps.js';
import { SweptFederation } from '../../world/swept-federation.js';
import { federationId } from '../../world/world.js';

const path = `/v1/federations/${federationId}/sweeps`;

/** Every fuse but the one of a source that has become smaller lets almost everything through. */
const { sourceShrink: _, ...others } = wideOpen;
const enforce = { mode: 'enforce', limits: { fuse: others } };

let swept: SweptFederation;
let app: FastifyInstance;

beforeAll(async () => {
  swept = await SweptFederation.of(10);
  const { client: temporal, ledger } = swept.at.world;
  app = await buildApi({ temporal, ledger, orgs: {}, apiTokens });
});
afterAll(async () => {
  await app.close();
  await swept.stop();
});

/** Starts a sweep and follows it to its gate or its end. */
async function sweep(payload: object): Promise<SweepRecord> {
  const begun = await app.inject({ method: 'POST', url: path, payload, headers: bearer('operator') });
  expect(begun.statusCode).toBe(202);
  await swept.sweeps.settled(begun.json().sweep.id, ({ state }) => state === 'gate');
  return (await app.inject({ url: String(begun.headers.location), headers: bearer('viewer') })).json();
}

async function decide({ id, listDigest }: SweepRecord, decision: 'approve' | 'reject'): Promise<SweepRecord> {
  const url = `${path}/${id}/${decision}`;
  const payload = { listDigest, why: 'a test' };
  expect((await app.inject({ method: 'POST', url, payload, headers: bearer('approver') })).statusCode).toBe(200);
  return swept.sweeps.settled(id);
}

const comparedWith = ({ steps }: SweepRecord) => steps.find(({ name }) => name === 'federation')?.decided;

describe('a source that is smaller than last time', () => {
  let before: SweepRecord;
  let logins: readonly string[];

  /** Four more users, a good sweep, and then three of them lose the Org2Org app. */
  beforeEach(async () => {
    const name = randomUUID().slice(0, 8);
    logins = await Promise.all([1, 2, 3, 4].map((number) => swept.people.someone(`${name}-${number}`, 'entitled')));
    before = await sweep({ mode: 'report' });
    expect(before).toMatchObject({ state: 'done', actions: { listed: 0 } });
    for (const login of logins.slice(1)) swept.people.unassign(login);
  });

  it('blows the fuse: the sweep waits, says by how much, and acts once another person has approved', async () => {
    const waiting = await sweep(enforce);
    const shrunk = Math.round((3 / before.source) * 1000) / 10;
    const reason = `${before.source - 3} assignments where the last complete sweep saw ${before.source}: ${shrunk} % fewer`;
    expect(waiting).toMatchObject({ state: 'gate', reasons: [reason], actions: { listed: 3, done: 0 } });
    expect(waiting.steps.find(({ name }) => name === 'fuse')?.gate?.question).toContain(reason);
    expect(logins.map((login) => swept.at.held(login).sp?.status)).toEqual(logins.map(() => 'ACTIVE'));
    expect(await decide(waiting, 'approve')).toMatchObject({ state: 'done', actions: { done: 3 } });
    expect(await sweep(enforce)).toMatchObject({ state: 'done', reasons: [], actions: { listed: 0 } });
  });

  it('stays smaller than in the last sweep that was done: one that was rejected is no measure', async () => {
    expect(await decide(await sweep(enforce), 'reject')).toMatchObject({ state: 'rejected' });
    const again = await sweep(enforce);
    expect(again.state).toBe('gate');
    expect(comparedWith(again)).toContain(`Compared with ${before.id}.`);
    expect(await decide(again, 'approve')).toMatchObject({ state: 'done' });
  });

  it('is the measure for the next once a sweep that only reports has seen it', async () => {
    const seen = await sweep({ mode: 'report' });
    expect(seen).toMatchObject({ state: 'done', source: before.source - 3 });
    const next = await sweep(enforce);
    expect(next).toMatchObject({ state: 'done', reasons: [], actions: { listed: 3, done: 3 } });
    expect(comparedWith(next)).toContain(`Compared with ${seen.id}.`);
  });
});
