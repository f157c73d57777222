import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import { userKey } from '../../../src/commands/user-key.js';
import type { Role } from '../../../src/domain/gate.js';
import type { OffboardingProof } from '../../../src/domain/offboarding-proof.js';
import { userWorkflowId } from '../../../src/workflows/messages.js';
import { apiTokens, bearer } from '../../api/api.js';
import { startUserWorld, type UserWorld } from '../../world/user-world.js';
import { federationId, testUserPassword } from '../../world/world.js';

let at: UserWorld;
let app: FastifyInstance;

beforeAll(async () => {
  at = await startUserWorld({ users: { exempt: ['exempt@acme.example'] } });
  const { client: temporal, ledger } = at.world;
  app = await buildApi({ temporal, ledger, temporalUiUrl: 'http://127.0.0.1:8233', orgs: {}, apiTokens });
});
afterAll(async () => {
  await app.close();
  await at.world.stop();
});

const users = `/v1/federations/${federationId}/users`;
const userUrl = (login: string) => `${users}/${encodeURIComponent(login)}`;

function send(method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: object, headers: Record<string, string> = {}) {
  const role: Role = headers.role === undefined ? 'operator' : (headers.role as Role);
  return app.inject({ method, url, headers: { ...bearer(role), ...headers }, ...(body ? { payload: body } : {}) });
}

function get(url: string) {
  return app.inject({ url, headers: bearer('viewer') });
}

const wait = { prefer: 'wait=30' };

async function onboarded(login: string): Promise<string> {
  const id = await at.people.inIdp(login);
  const answer = await send('POST', users, { login }, wait);
  expect(answer.json()).toMatchObject({ transition: { state: 'done' } });
  return id;
}

describe('POST …/users', () => {
  it('answers 202 at once with the address of the report', async () => {
    await at.people.inIdp('quick@acme.example');
    const answer = await send('POST', users, { login: 'quick@acme.example' });
    expect(answer.statusCode).toBe(202);
    expect(answer.headers.location).toBe(`${userUrl('quick@acme.example')}/transitions/1`);
    expect(answer.json()).toMatchObject({ started: true, transition: { number: 1, kind: 'onboard' } });
    expect((await get(String(answer.headers.location))).json()).toMatchObject({ number: 1 });
  });

  it('with Prefer: wait answers 200 with the report of the end', async () => {
    await at.people.inIdp('patient@acme.example');
    const answer = await send('POST', users, { login: 'patient@acme.example', ticket: 'HR-7' }, wait);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['preference-applied']).toBe('wait=30');
    const { transition } = answer.json();
    expect(transition).toMatchObject({ state: 'done', ticket: 'HR-7', after: { sp: { status: 'ACTIVE' } } });
    expect(transition).not.toHaveProperty('fingerprint');
  });

  it("takes Okta's id in place of the login", async () => {
    const id = await at.people.inIdp('by-id@acme.example');
    const answer = await send('POST', users, { id }, wait);
    expect(answer.json()).toMatchObject({
      transition: { state: 'done', after: { sp: { login: 'by-id@acme.example' } } },
    });
    const unknown = await send('POST', users, { id: '00uNobodyHasThisId12' });
    expect(unknown.json()).toMatchObject({ code: 'O2O_IDP_USER_MISSING' });
  });

  it.each([
    ['neither login nor id', {}, '/login'],
    ['both login and id', { login: 'a@b.example', id: '00u1234567890' }, '/login'],
    ['a login of 101 characters', { login: 'x'.repeat(101) }, '/login'],
    ['a login that ends with a blank', { login: 'ada@acme.example ' }, '/login'],
    ['a time without time zone', { login: 'a@b.example', at: '2031-01-01T08:00:00' }, '/at'],
    [
      'a profile that names another login',
      { login: 'a@b.example', profile: { login: 'c@d.example' } },
      '/profile/login',
    ],
    ['an unknown field', { login: 'a@b.example', groups: [] }, '/groups'],
  ])('refuses %s and names the field', async (_, body, pointer) => {
    const answer = await send('POST', users, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('refuses a federation that nobody knows', async () => {
    const answer = await send('POST', '/v1/federations/unknown/users', { login: 'a@b.example' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toBe('O2O_FEDERATION_NOT_FOUND');
  });

  it('needs the role operator', async () => {
    expect((await send('POST', users, { login: 'a@b.example' }, { role: 'viewer' })).statusCode).toBe(403);
  });
});

describe('a login that is awkward', () => {
  it.each([
    ['has a plus', 'ada+test@acme.example'],
    ['has a percent sign', 'ada%41@acme.example'],
    ['has quotes', 'o\'ada"x"@acme.example'],
    ['is not ASCII', 'ädä.żółw@acme.example'],
    ['has a slash', 'team/ada@acme.example'],
    ['has 100 characters', `${'l'.repeat(87)}@acme.example`],
    ['has capitals', 'Capital.Ada@ACME.example'],
  ])('works all the way where it %s', async (_, login) => {
    const profile = { login, email: 'ada@acme.example', firstName: 'Ada', lastName: 'Person' };
    await at.world.idpAdmin.post('/api/v1/users?activate=true', {
      profile,
      credentials: { password: { value: testUserPassword } },
    });
    const answer = await send('POST', `${userUrl(login)}/transitions`, { transition: 'onboard' }, wait);
    expect(answer.json()).toMatchObject({ transition: { state: 'done', after: { sp: { login } } } });
    const again = await send('POST', users, { login: login.toUpperCase() }, wait);
    expect(again.json()).toMatchObject({ transition: { number: 2, state: 'done', after: { sp: { login } } } });
    const asked = { transition: 'update', profile: { lastName: 'Changed' } };
    const changed = await send('POST', `${userUrl(login)}/transitions`, asked, wait);
    expect(changed.json()).toMatchObject({
      transition: { state: 'done', after: { sp: { login, profile: { lastName: 'Changed' } } } },
    });
    const left = await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard' }, wait);
    expect(left.json()).toMatchObject({
      transition: { state: 'done', after: { sp: { login, status: 'DEPROVISIONED' } } },
    });
    expect((await get(`${userUrl(login)}/proof`)).json()).toMatchObject({ user: { login } });
    const read = await get(userUrl(login.toUpperCase()));
    const states = Array.from({ length: 4 }, () => ({ state: 'done' }));
    expect(read.json()).toMatchObject({ login, transitions: states });
  });

  it('does not stand where Temporal searches, names and sums up', async () => {
    const login = 'zebra-crossing@acme.example';
    await onboarded(login);
    const handle = at.world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login)));
    const { workflowId, typedSearchAttributes } = await handle.describe();
    const searched = JSON.stringify([workflowId, typedSearchAttributes]);
    expect(searched).toContain('O2OTransition');
    expect(searched).not.toContain('zebra-crossing');
    const { events } = await handle.fetchHistory();
    const shown = (events ?? []).map(({ userMetadata }) =>
      [userMetadata?.summary, userMetadata?.details]
        .map((payload) => Buffer.from(payload?.data ?? []).toString())
        .join(),
    );
    expect(shown.join()).toContain('Look:');
    expect(shown.join()).not.toContain('zebra-crossing');
  });
});

/** JSON with the members of every object in order and no blanks: RFC 8785 for what a proof holds. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    member === null || typeof member !== 'object' || Array.isArray(member)
      ? member
      : Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}

describe('a leaver', () => {
  it('has a proof whose digest anybody can recompute', async () => {
    const login = 'leaver@acme.example';
    await onboarded(login);
    expect((await get(`${userUrl(login)}/proof`)).statusCode).toBe(404);
    await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard', reason: 'left' }, wait);
    const { digest, ...content }: OffboardingProof = (await get(`${userUrl(login)}/proof`)).json();
    expect(content.statements.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed']);
    expect(digest).toBe(`sha256:${createHash('sha256').update(inOrder(content)).digest('hex')}`);
  });

  it('of the exempt list waits for an approver', async () => {
    const login = 'exempt@acme.example';
    await onboarded(login);
    const asked = await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard' }, { prefer: 'wait=5' });
    expect(asked.statusCode).toBe(202);
    const { name } = asked
      .json()
      .transition.steps.flatMap(({ gate }: { gate: { name: string } | null }) => (gate === null ? [] : [gate]))[0];
    const gate = `${userUrl(login)}/gates/${name}`;
    const body = { choice: 'proceed', why: 'it is agreed' };
    expect((await send('POST', gate, body)).json().code).toBe('O2O_GATE_FORBIDDEN');
    expect((await send('POST', gate, body, { role: 'approver' })).statusCode).toBe(200);
    const done = await at.users.settled(login, 2);
    expect(done).toMatchObject({ state: 'done', after: { sp: { status: 'DEPROVISIONED' } } });
  });
});

describe('a planned transition', () => {
  const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();

  it('is listed, moved and cancelled', async () => {
    const login = 'planned@acme.example';
    await onboarded(login);
    const planned = await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard', at: inAMonth });
    expect(planned.json()).toMatchObject({ transition: { number: 2, state: 'planned', at: inAMonth } });
    await expect
      .poll(async () => (await get(`${users}?state=planned&transition=offboard`)).json().users, { timeout: 10_000 })
      .toMatchObject([{ login, state: 'planned' }]);

    const url = `${userUrl(login)}/transitions/2`;
    expect((await send('PATCH', url, { at: '2031-01-01T08:00:00' })).statusCode).toBe(400);
    const moved = await send('PATCH', url, { at: '2031-01-01T08:00:00+02:00' });
    expect(moved.json()).toMatchObject({ at: '2031-01-01T06:00:00.000Z' });
    const later = new Date(Date.parse(inAMonth) + 24 * 3600 * 1000).toISOString();
    expect((await send('PATCH', url, { at: later })).json()).toMatchObject({ state: 'planned', at: later });
    expect((await send('DELETE', url)).json()).toMatchObject({ state: 'cancelled' });
    expect((await send('DELETE', url)).json()).toMatchObject({ code: 'O2O_TRANSITION_NOT_PLANNED' });
    expect(await at.people.find('sp', login)).toMatchObject({ status: 'ACTIVE' });
  });

  it('in the past runs now', async () => {
    const login = 'past@acme.example';
    await at.people.inIdp(login);
    const answer = await send('POST', users, { login, at: '2020-01-01T00:00:00Z' }, wait);
    expect(answer.json()).toMatchObject({ transition: { state: 'done' } });
  });

  it('offboarding is cancelled by an onboarding', async () => {
    const login = 'stays@acme.example';
    await onboarded(login);
    await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard', at: inAMonth });
    await send('POST', users, { login }, wait);
    expect((await get(userUrl(login))).json().transitions).toMatchObject([
      { kind: 'onboard', state: 'done' },
      { kind: 'offboard', state: 'cancelled' },
      { kind: 'onboard', state: 'done' },
    ]);
  });
});

describe('the same Idempotency-Key', () => {
  it('does nothing twice, also after the workflow has closed and other transitions have followed', async () => {
    const login = 'keyed@acme.example';
    await at.people.inIdp(login);
    const key = { ...wait, 'idempotency-key': 'once' };
    await send('POST', users, { login }, key);
    const offboard = { ...wait, 'idempotency-key': 'leave-once' };
    await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard' }, offboard);
    await send('POST', `${userUrl(login)}/transitions`, { transition: 'reactivate' }, wait);
    at.world.sandbox.requests.clear();
    const again = await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard' }, offboard);
    expect(again.json()).toMatchObject({ started: false, transition: { number: 2, state: 'done' } });
    expect(at.world.writes()).toEqual([]);
  });

  it('is refused for another command', async () => {
    const login = 'reused@acme.example';
    await at.people.inIdp(login);
    const key = { ...wait, 'idempotency-key': 'reused' };
    await send('POST', users, { login }, key);
    const other = await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard' }, key);
    expect(other.json()).toMatchObject({ code: 'O2O_IDEMPOTENCY_KEY_REUSED' });
  });
});

describe('an update', () => {
  it('changes the profile in both orgs, a login too, and what is planned goes along', async () => {
    const login = 'maiden@acme.example';
    await onboarded(login);
    const sp = await at.people.find('sp', login);
    const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();
    await send('POST', `${userUrl(login)}/transitions`, { transition: 'offboard', at: inAMonth });
    const profile = { lastName: 'Married', login: 'married@acme.example' };
    const answer = await send('POST', `${userUrl(login)}/transitions`, { transition: 'update', profile }, wait);
    expect(answer.json()).toMatchObject({ transition: { state: 'done', after: { sp: { id: sp?.id } } } });
    expect(await at.people.find('sp', 'married@acme.example')).toMatchObject({ id: sp?.id, profile });
    await expect.poll(async () => (await get(userUrl(login))).json().movedTo).toBe('married@acme.example');
    const moved = (await get(userUrl('married@acme.example'))).json();
    expect(moved.transitions).toMatchObject([{}, { kind: 'offboard', state: 'planned', at: inAMonth }, {}]);
  });

  it('of nothing is refused', async () => {
    const answer = await send('POST', `${userUrl('a@b.example')}/transitions`, { transition: 'update' });
    expect(answer.json().errors).toMatchObject([{ pointer: '/profile' }]);
  });
});

describe('a suspension', () => {
  it('takes nothing away that a resume does not bring back', async () => {
    const login = 'pause@acme.example';
    const id = await onboarded(login);
    const before = await at.people.find('sp', login);
    const suspended = await send('POST', `${userUrl(login)}/transitions`, { transition: 'suspend' }, wait);
    expect(suspended.json()).toMatchObject({ transition: { state: 'done', after: { sp: { status: 'SUSPENDED' } } } });
    const resumed = await send('POST', `${userUrl(login)}/transitions`, { transition: 'resume' }, wait);
    expect(resumed.json()).toMatchObject({ transition: { state: 'done', after: { sp: { status: 'ACTIVE' } } } });
    expect(await at.people.find('sp', login)).toMatchObject({ id: before?.id, profile: before?.profile });
    expect(await at.people.assignment(id)).toMatchObject({ externalId: before?.id });
  });
});

it.each(['onboard', 'suspend', 'resume', 'offboard', 'reactivate', 'update'])(
  'a dry run of %s writes nothing',
  async (transition) => {
    const login = `dry-${transition}@acme.example`;
    await onboarded(login);
    const writes = at.people.watch(
      (await at.people.find('sp', login))?.id ?? '',
      (await at.people.find('idp', login))?.id ?? '',
    );
    const body = { transition, dryRun: true, ...(transition === 'update' ? { profile: { lastName: 'Dry' } } : {}) };
    const answer = await send('POST', `${userUrl(login)}/transitions`, body, wait);
    expect(['done', 'stopped']).toContain(answer.json().transition.state);
    expect(writes()).toEqual([]);
  },
);
