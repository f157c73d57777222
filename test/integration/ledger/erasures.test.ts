import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../../src/api/app.js';
import { userKey } from '../../../src/commands/user-key.js';
import type { Role } from '../../../src/domain/gate.js';
import { userWorkflowId } from '../../../src/workflows/messages.js';
import { apiTokens, bearer } from '../../api/api.js';
import { startUserWorld, type UserWorld } from '../../world/user-world.js';
import { federationId } from '../../world/world.js';

const federation = `/v1/federations/${federationId}`;

let at: UserWorld;
let app: FastifyInstance;

beforeAll(async () => {
  at = await startUserWorld();
  app = await buildApi({ temporal: at.world.client, ledger: at.world.ledger, orgs: {}, apiTokens });
  await at.world.ledger.ask(async () => {});
});
afterAll(async () => {
  await app.close();
  await at.world.stop();
});

const post = (url: string, payload: object, role: Role = 'operator', headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, payload, headers: { ...bearer(role), ...headers } });
const get = (url: string) => app.inject({ url, headers: bearer('viewer') });
const erase = (login: string) =>
  post(`${federation}/erasures`, { login, why: `${login.toUpperCase()} has asked, DPO-7` }, 'approver');

/** A user who was onboarded over HTTP, and offboarded unless told otherwise. */
async function leaver(login: string, transitions = ['onboard', 'offboard']): Promise<void> {
  await at.people.inIdp(login);
  for (const transition of transitions) {
    const said = { transition, reason: `because of ${login}`, ticket: 'HR-9' };
    const answer = await post(`${federation}/users/${login}/transitions`, said, 'operator', { prefer: 'wait=60' });
    expect(answer.json().transition.state).toBe('done');
  }
  await closed(login);
}

/** The workflow of the user, once it has closed: its proof is with the ledger then. */
async function closed(login: string) {
  const handle = at.world.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login)));
  await handle.result();
  return handle;
}

describe('a proof', () => {
  it('is the same document once Temporal has forgotten the user', async () => {
    const login = 'forgotten@acme.example';
    await leaver(login);
    const proof = (await get(`${federation}/users/${login}/proof`)).json();
    const { client } = at.world;
    const { workflowId } = await closed(login);
    const { namespace } = client.options;
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
    await expect
      .poll(async () => (await get(`${federation}/users/${login}`)).statusCode, { timeout: 60_000 })
      .toBe(404);
    expect((await get(`${federation}/users/${login}/proof`)).json()).toEqual(proof);
    expect((await get(`${federation}/users/never@acme.example/proof`)).json().code).toBe('O2O_USER_UNKNOWN_HERE');
  });
});

describe('an erasure', () => {
  it('is refused while the user has a place in the federation, and without the role', async () => {
    const login = 'stays@acme.example';
    await leaver(login, ['onboard']);
    const refused = await erase(login);
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({
      code: 'O2O_ERASURE_PRESENT',
      detail: expect.stringContaining('Org2Org app'),
    });
    expect((await post(`${federation}/erasures`, { login, why: 'x' })).json().code).toBe('O2O_FORBIDDEN');
    const found = (await get(`/v1/audit?login=${login}`)).json().rows;
    expect(found.length).toBeGreaterThan(0);
    expect(found[0].subject.login).toBe(login);
  });

  it('is refused while something about the user is planned', async () => {
    const login = 'planned@acme.example';
    await leaver(login);
    const inAYear = new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toISOString();
    await post(`${federation}/users/${login}/transitions`, { transition: 'reactivate', at: inAYear });
    expect((await erase(login)).json()).toMatchObject({ code: 'O2O_ERASURE_BUSY', retryable: true });
  });

  it('takes the person out of proofs and audit, once; the chain holds, and its own row names nobody', async () => {
    const login = 'erased@acme.example';
    await leaver(login);
    const before = (await get(`/v1/audit?login=${login}`)).json().rows;
    const erased = await erase(login);
    expect(erased.json()).toEqual({ findings: 0, proofs: 1, sweeps: 0, auditRows: before.length });
    expect((await get(`/v1/audit?login=${login}`)).json().rows).toEqual([]);
    const whole = (await get('/v1/audit?limit=1000')).json().rows;
    expect(JSON.stringify(whole).toLowerCase()).not.toContain(login);
    const seqs = before.map(({ seq }: { seq: number }) => seq);
    const kept = whole.filter(({ seq }: { seq: number }) => seqs.includes(seq));
    expect(kept).toMatchObject(
      before.map(({ digest }: { digest: string }) => ({ digest, erased: true, subject: null })),
    );
    expect(whole[0]).toMatchObject({
      action: 'user.erase',
      details: { proofs: 1 },
      actor: { name: 'approver@tests' },
      subject: { login: null, reason: '(erased) has asked, DPO-7' },
    });
    expect((await get('/v1/audit/check')).json()).toMatchObject({ intact: true, erased: before.length });
    expect((await erase(login)).json()).toEqual({ findings: 0, proofs: 0, sweeps: 0, auditRows: 0 });
  });
});
