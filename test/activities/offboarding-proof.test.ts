import { describe, expect, it } from 'vitest';
import { proveOffboarded } from '../../src/activities/offboarding-proof.js';
import type { IdpProof, SeenGone } from '../../src/domain/offboarding-proof.js';
import { login, user, userInput } from '../domain/user-input.js';
import { json, oktaError, startServer } from '../okta/support/local-server.js';
import { openTestSession } from '../okta/support/open-session.js';

const spUserId = '00uSomebody000000000';
const head = { transition: 2, requestedBy: 'ops', reason: null, ticket: null };

function read(operation: string, at: Date) {
  return { org: 'acme', operation, status: 200, at: at.toISOString(), requestId: null, facts: {} };
}

function secondsAgo(seconds: number): Date {
  return new Date(Date.now() - seconds * 1_000);
}

function idpProof(at: Date): IdpProof {
  const evidence = [read('getApplicationUser', at)];
  const detail = 'no assignment';
  const statements = [{ name: 'unassigned', statement: '', result: 'passed' as const, detail, fix: null, evidence }];
  return { idpUserId: '00uLeaver', statements, evidence };
}

function seenGone(at: Date): SeenGone {
  return {
    user: user({ status: 'DEPROVISIONED' }),
    statement: {
      name: 'deprovisioned',
      statement: 'as the wait saw it',
      result: 'passed',
      detail: 'DEPROVISIONED',
      fix: null,
      evidence: [read('getUser', at)],
    },
  };
}

/** An SP org whose user reads so by now, and who has the target app no more. */
async function spOrg(status: string) {
  const server = await startServer((request, response) => {
    if (request.url.includes('/apps/')) return oktaError(response, 404, 'E0000007', 'Not found');
    json(response, 200, { id: spUserId, status, profile: { login, email: login, firstName: 'A', lastName: 'B' } });
  });
  const asked = () => server.received.map(({ url }) => url.split('?')[0]?.split('/')[3]);
  return { session: openTestSession(server.url), asked };
}

describe('the proof of an offboarding', () => {
  it('takes the read that ended the wait, and its time is that of the last read', async () => {
    const { session, asked } = await spOrg('DEPROVISIONED');
    const seen = seenGone(secondsAgo(5));
    const { proof } = await proveOffboarded(session, userInput(), head, spUserId, idpProof(secondsAgo(6)), seen);
    expect(asked()).toEqual(['apps']);
    expect(proof.statements[1]).toEqual(seen.statement);
    expect(proof.provenAt).toBe(session.evidence.at(-1)?.at);
  });

  it('reads the user anew where that read is more than a minute old: who came back is not called gone', async () => {
    const { session, asked } = await spOrg('ACTIVE');
    const seen = seenGone(secondsAgo(61));
    const { proof, user: after } = await proveOffboarded(
      session,
      userInput(),
      head,
      spUserId,
      idpProof(secondsAgo(1)),
      seen,
    );
    expect(asked()).toEqual(['users', 'apps']);
    expect(proof.statements[1]).toMatchObject({ name: 'deprovisioned', result: 'failed', detail: 'ACTIVE' });
    expect(after?.status).toBe('ACTIVE');
  });

  it('reads the user where nobody waited for the deactivation', async () => {
    const { session, asked } = await spOrg('DEPROVISIONED');
    const { proof } = await proveOffboarded(session, userInput(), head, spUserId, idpProof(secondsAgo(1)), null);
    expect(asked()).toEqual(['users', 'apps']);
    expect(proof.statements.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed']);
  });
});
