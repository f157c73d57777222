import { describe, expect, it } from 'vitest';
import type { OktaCalls } from '../../demo/okta-calls.js';
import { report } from '../../demo/report.js';
import type { Told } from '../../demo/setup-story.js';
import type { FederationAnswer } from '../../src/api/schemas/federation.js';
import type { Check } from '../../src/domain/check.js';
import type { Step } from '../../src/domain/federation.js';
import { sweepsTold } from './sweeps-told.js';
import { batchTold, usersTold } from './users-told.js';

const signedOn: Check = {
  name: 'signOn',
  statement: 'Signs on',
  result: 'passed',
  detail: '',
  fix: null,
  evidence: [],
};

const step: Step = {
  name: 'signOn',
  title: 'Sign-on',
  guide: 'Step 5',
  side: 'both',
  state: 'done',
  assessment: null,
  applied: [],
  gate: null,
  checks: [signedOn],
  problem: null,
  startedAt: null,
  endedAt: null,
};

function told(changes: Partial<FederationAnswer> = {}): Told {
  const answer: FederationAnswer = {
    id: 'acme',
    state: 'ready',
    spec: {
      idp: 'a',
      sp: 'b',
      targetApp: { mode: 'create', name: 'x', label: 'X', settings: {}, consoleWork: true },
      org2orgApp: { label: 'X', baseUrl: 'https://b.okta.com' },
      certificate: { kid: 'active', minimumDaysLeft: 30 },
      identityProvider: {
        name: 'a',
        subjectMatch: 'USERNAME',
        subjectFilter: null,
        accountLink: 'AUTO',
        jit: true,
        maxClockSkew: 0,
      },
      provisioning: { auth: 'oauth2', features: { create: true, update: true, deactivate: true } },
      assignments: { groups: [], users: [] },
      access: { group: 'g' },
      users: { assignBy: 'direct', exempt: [], whenPushFails: 'gate', pushWithinMinutes: 15 },
      signOn: {},
    },
    orgs: { idp: { name: 'a', url: 'https://a.okta.com' }, sp: { name: 'b', url: 'https://b.okta.com' } },
    notices: [],
    known: { org2orgAppId: '0oa1', issuer: 'http://www.okta.com/exk1', certificate: 'MIIC' },
    operation: null,
    made: [],
    live: null,
    certificate: null,
    steps: [step],
    gates: [],
    lastPlan: null,
    operations: [],
    updatedAt: '',
    links: { self: '/v1/federations/acme', temporal: null },
    ...changes,
  };
  return { answer, gates: [], seconds: 1.26 };
}

const calls = (writes: number): Record<string, OktaCalls> => ({ a: { reads: 3, writes, operations: {} } });

function reported(first: Told, second = told(), writesOfSecond = 0) {
  return report({
    first,
    firstCalls: calls(5),
    second,
    secondCalls: calls(writesOfSecond),
    users: usersTold(),
    batch: batchTold(),
    sweeps: sweepsTold(),
    urls: {},
  });
}

describe('the report of the demo', () => {
  it('is ok when every step held, someone signed on and the second apply wrote nothing', () => {
    expect(reported(told())).toMatchObject({ ok: true, failures: [], seconds: 1.3 });
  });

  it.each([
    ['a step stopped', told({ steps: [{ ...step, state: 'stopped' }] })],
    ['the federation is not ready', told({ state: 'stopped' })],
    [
      'a check failed',
      told({ steps: [{ ...step, checks: [signedOn, { ...signedOn, name: 'x', result: 'failed' }] }] }),
    ],
    ['nobody signed on', told({ steps: [{ ...step, checks: [] }] })],
    [
      'it is unknown whether someone can sign on',
      told({ steps: [{ ...step, checks: [{ ...signedOn, result: 'unknown' }] }] }),
    ],
  ])('is not ok when %s', (_, first) => {
    expect(reported(first).ok).toBe(false);
    expect(reported(first).failures).not.toEqual([]);
  });

  it('is not ok when the second apply wrote or did not hold', () => {
    expect(reported(told(), told(), 1).failures).toEqual(['second apply: 1 writes instead of none']);
    expect(reported(told(), told({ state: 'stopped' })).ok).toBe(false);
  });

  it("names the objects by Okta's ids", () => {
    expect(reported(told()).objectIds).toEqual({ org2orgAppId: '0oa1' });
  });
});
