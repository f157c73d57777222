import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import { Org2OrgError } from '../../../src/domain/errors.js';
import type { Role } from '../../../src/domain/gate.js';
import type { Ledger } from '../../../src/ledger/ledger.js';
import { apiTokens, bearer, tokens } from '../../api/api.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { WorldSweeps, wideOpen } from '../../world/sweeps.js';

const federation = '/v1/federations/acme-to-partner';
const login = 'bob@acme.example';
const hookSecret = 'planted-hook-secret';
const pasted = '00PlantedTokenThatSomebodyPasted_0123456789';

let at: FederatedWorld;
let app: FastifyInstance;
let away = false;

/** The world's ledger, which answers unless it is away. */
function ledgerThatGoes(ledger: Ledger): Ledger {
  return {
    ...ledger,
    ask: (query) => (away ? Promise.reject(new Org2OrgError('O2O_LEDGER_UNAVAILABLE')) : ledger.ask(query)),
  };
}

beforeAll(async () => {
  at = await FederatedWorld.start();
  app = await buildApi({
    temporal: at.world.client,
    ledger: ledgerThatGoes(at.world.ledger),
    orgs: {},
    apiTokens,
    trustedProxies: ['127.0.0.1'],
  });
  await at.newcomer(login);
  await at.world.ledger.ask(async () => {});
});
afterAll(async () => {
  await app.close();
  await at.stop();
});

const send = (
  method: 'POST' | 'PUT' | 'DELETE' | 'PATCH',
  url: string,
  payload: object = {},
  { role = 'operator', ...headers }: { readonly role?: Role } & Record<string, string> = {},
) => app.inject({ method, url, payload, headers: { ...bearer(role), ...headers } });

const get = (url: string, accept = 'application/json') => app.inject({ url, headers: { ...bearer('viewer'), accept } });

const rows = async (query: string) => (await get(`/v1/audit?${query}`)).json().rows;

describe('the audit over HTTP', () => {
  it('has a row for a command: who, what, about whom, why, from where', async () => {
    const answer = await send(
      'POST',
      `${federation}/users/${login}/transitions`,
      { transition: 'onboard', reason: `joins, see ${pasted}`, ticket: 'HR-1' },
      { prefer: 'wait=30', 'idempotency-key': 'key-of-bob', 'user-agent': 'hr/1', 'x-forwarded-for': '192.0.2.7' },
    );
    expect(answer.statusCode).toBe(200);
    expect(await rows(`login=${login.toUpperCase()}`)).toMatchObject([
      {
        action: 'user.onboard',
        outcome: 'accepted',
        code: null,
        federationId: 'acme-to-partner',
        details: {
          status: 200,
          transition: 'onboard',
          number: 1,
          started: true,
          requestId: answer.headers['x-request-id'],
        },
        actor: { name: 'operator@tests', sourceAddress: '192.0.2.7', userAgent: 'hr/1' },
        subject: {
          login,
          reason: 'joins, see (removed)',
          ticket: 'HR-1',
          idempotencyKey: expect.stringMatching(/^sha256:/),
        },
      },
    ]);
  });

  it.each([
    ['without the role', 'viewer', { transition: 'offboard' }, 'O2O_FORBIDDEN', 'user.transition'],
    ['with a wrong field', 'operator', { transition: 'offboard', wrong: 1 }, 'O2O_REQUEST_INVALID', 'user.offboard'],
    ['of no kind that there is', 'operator', { transition: 'promote' }, 'O2O_REQUEST_INVALID', 'user.transition'],
  ] as const)('has a row for a command that is refused: %s', async (why, role, body, code, action) => {
    const refused = `${why.replaceAll(' ', '-')}@acme.example`;
    const answer = await send('POST', `${federation}/users/${refused}/transitions`, body, { role });
    expect(answer.json().code).toBe(code);
    const found = await rows(`outcome=refused&login=${refused}`);
    expect(found[0]).toMatchObject({ action, code, actor: { name: `${role}@tests` }, subject: { login: refused } });
  });

  it('has none of a sender whom nobody knows, and none of a read', async () => {
    const { head } = (await get('/v1/audit/check')).json();
    await app.inject({
      method: 'POST',
      url: `${federation}/users`,
      payload: {},
      headers: { authorization: 'Bearer x' },
    });
    await get(`${federation}/users/${login}`);
    expect((await get('/v1/audit/check')).json().head).toEqual(head);
  });

  it('is read page by page and as NDJSON, and holds no secret', async () => {
    await send('POST', `${federation}/sweeps`, { mode: 'nothing' });
    const { rows: first, nextBefore } = (await get('/v1/audit?limit=2')).json();
    const { rows: second } = (await get(`/v1/audit?limit=2&before=${nextBefore}`)).json();
    expect(second[0].seq).toBe(first[1].seq - 1);
    const all = await get('/v1/audit?federation=acme-to-partner', 'application/x-ndjson');
    expect(all.headers['content-type']).toContain('application/x-ndjson');
    const lines = all.body.trim().split('\n');
    expect(lines.length).toBeGreaterThan(4);
    for (const secret of [pasted, ...Object.values(tokens), hookSecret]) expect(all.body).not.toContain(secret);
    expect((await get('/v1/audit?until=yesterday')).json().code).toBe('O2O_REQUEST_INVALID');
  });

  it('has the beginning and the end of a sweep and what it did to each user, with who started it', async () => {
    const left = 'left-behind@acme.example';
    await at.newcomer(left);
    await at.users.carryOut('onboard', left);
    const { org } = at.world.sandbox.idp;
    const org2org = org.apps.find(({ name }) => name === 'okta_org2org');
    org.appUsers.get(org2org?.id ?? '')?.delete(org.userIdsByLogin.get(left) ?? '');
    const sweeps = new WorldSweeps(at.world);
    const sweep = await sweeps.carryOut({ mode: 'enforce', limits: { fuse: wideOpen } });
    if (sweep.state === 'gate') {
      const approved = await send(
        'POST',
        `${federation}/sweeps/${sweep.id}/approve`,
        { listDigest: sweep.listDigest, why: 'read' },
        { role: 'approver' },
      );
      expect(approved.statusCode).toBe(200);
    }
    expect(await sweeps.settled(sweep.id)).toMatchObject({ state: 'done', actions: { done: 1 } });
    const [user] = await rows(`login=${left}`);
    expect(user).toMatchObject({
      action: 'sweep.user',
      outcome: 'done',
      details: { sweep: sweep.id, trigger: 'request', kind: 'unassigned', action: 'deactivate' },
      actor: { name: 'test-operator' },
    });
    expect(await rows('action=sweep.begin')).toMatchObject([{ details: { sweep: sweep.id } }]);
    await expect
      .poll(() => rows('action=sweep.end'), { timeout: 30_000 })
      .toMatchObject([{ details: { sweep: sweep.id, state: 'done' } }]);
    const { findings } = (await get(`${federation}/sweeps/${sweep.id}/findings?login=${left}`)).json();
    const proof = await get(findings[0].proof);
    expect(proof.json()).toMatchObject({ kind: 'org2org/offboarding-proof/1', user: { login: left } });
  });

  it('loses no command and no row while the ledger is away', async () => {
    const { head } = (await get('/v1/audit/check')).json();
    away = true;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        send('POST', `${federation}/users/away-${number}@acme.example/transitions`, { transition: 'update' }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 20 }, () => 400));
    expect((await get('/v1/audit')).json().code).toBe('O2O_LEDGER_UNAVAILABLE');
    away = false;
    await expect
      .poll(async () => (await get('/v1/audit/check')).json().head.seq, { timeout: 60_000 })
      .toBe(head.seq + 20);
    expect((await get('/v1/audit/check')).json()).toMatchObject({ intact: true, broken: null });
  });
});

describe('an event hook', () => {
  it('has a row where it handed something over', async () => {
    const hooked = await buildApi({
      temporal: at.world.client,
      ledger: at.world.ledger,
      orgs: {
        acme: {
          url: at.world.sandbox.idp.url,
          eventHook: { sha256: [createHash('sha256').update(hookSecret).digest('hex')] },
        },
      },
      apiTokens,
    });
    const deliver = (eventType: string) =>
      hooked.inject({
        method: 'POST',
        url: '/v1/hooks/okta/acme',
        headers: { authorization: hookSecret },
        payload: delivery(eventType, 'nobody@acme.example'),
      });
    expect((await deliver('user.session.start')).json()).toMatchObject({ handedOver: 0 });
    expect((await deliver('user.lifecycle.suspend')).json()).toMatchObject({ handedOver: 1 });
    expect(await rows('action=hook.delivery')).toMatchObject([
      {
        outcome: 'accepted',
        details: { org: 'acme', handedOver: 1 },
        actor: { name: 'event hook of acme' },
        subject: null,
      },
    ]);
    await hooked.close();
  });
});

function delivery(eventType: string, alternateId: string) {
  const target = [{ id: '00u1', type: 'User', alternateId }];
  const event = { uuid: `${eventType}-1`, eventType, target };
  return { eventId: `delivery-of-${eventType}`, data: { events: [event] } };
}
