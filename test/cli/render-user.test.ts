import { describe, expect, it } from 'vitest';
import { renderBatch, renderRowIssue } from '../../src/cli/render-batch.js';
import {
  renderDiagnosis,
  renderProof,
  renderTransition,
  renderUser,
  renderUserStep,
} from '../../src/cli/render-user.js';
import { problem } from '../../src/domain/errors.js';
import type { Gate } from '../../src/domain/gate.js';
import type { UserStep } from '../../src/domain/user-lifecycle.js';
import { batchTold, proof, transition } from '../demo/users-told.js';

const step: UserStep = {
  name: 'assignment',
  title: 'Org2Org app assigned',
  side: 'idp',
  state: 'pending',
  decided: null,
  changes: [],
  applied: [],
  checks: [],
  evidence: [],
  gate: null,
  problem: null,
  startedAt: null,
  endedAt: null,
};

const gate: Gate = {
  name: 'protectedUser-2-spUser',
  kind: 'protectedUser',
  question: 'Shall this user lose access?',
  instructions: ['Look at the user.'],
  evidence: { user: '00u1' },
  choices: [{ value: 'proceed', meaning: 'Carry it out' }],
  role: 'approver',
  openedAt: '2027-01-01T00:00:00.000Z',
  expiresAt: '2027-01-08T00:00:00.000Z',
  state: 'open',
  answer: null,
};

describe('a step of a user', () => {
  it('says what was done and decided', () => {
    const done: UserStep = { ...step, state: 'done', applied: ['Assign the user'], decided: 'The user has it.' };
    expect(renderUserStep(done).split('\n')).toEqual([
      '✓ Org2Org app assigned',
      '      Assign the user',
      '      The user has it.',
    ]);
  });

  it('says in a dry run what would be written, and where', () => {
    const change = {
      org: 'acme',
      resource: 'assignment',
      write: 'assign',
      summary: 'Assign the user',
      fields: [],
      reversible: true,
    } as const;
    expect(renderUserStep({ ...step, state: 'planned', changes: [change] })).toContain('would: Assign the user (acme)');
  });

  it('that stopped names the error and its fix once', () => {
    const found = problem('O2O_IDP_USER_MISSING', { org: 'acme' });
    const text = renderUserStep({ ...step, state: 'stopped', problem: found, decided: found.message });
    expect(text.split(found.message)).toHaveLength(2);
    expect(text).toContain('O2O_IDP_USER_MISSING');
    expect(text).toContain('Fix: ');
  });
});

describe('a user', () => {
  const user = {
    federationId: 'acme',
    login: "o'neill@acme.example",
    state: 'gate' as const,
    movedTo: null,
    updatedAt: '',
    links: { self: '', temporal: null },
  };

  it('is one line per transition, and the last that began step by step', () => {
    const transitions = [
      transition({ steps: [step] }),
      transition({ number: 2, kind: 'offboard', state: 'gate', steps: [{ ...step, state: 'gate', gate }] }),
      transition({ number: 3, kind: 'offboard', state: 'planned', at: '2027-02-01T00:00:00.000Z', startedAt: null }),
    ];
    const lines = renderUser({ ...user, transitions }).split('\n');
    expect(lines[0]).toBe("o'neill@acme.example in acme: gate");
    expect(lines).toContain('1. onboard: done, by alice');
    expect(lines).toContain('3. offboard: planned for 2027-02-01T00:00:00.000Z, by alice');
    expect(lines.filter((line) => line.includes('Org2Org app assigned'))).toHaveLength(1);
  });

  it('at a gate shows the command that answers it, with the login as one word', () => {
    const waits = transition({ number: 2, state: 'gate', steps: [{ ...step, state: 'gate', gate }] });
    expect(renderTransition('acme', user.login, waits)).toContain(
      `org2org answer acme protectedUser-2-spUser proceed --user 'o'\\''neill@acme.example' --why "…"`,
    );
  });

  it('whose login was changed says where to look', () => {
    expect(renderUser({ ...user, movedTo: 'new@acme.example', transitions: [] })).toContain('new@acme.example');
  });
});

describe('a proof', () => {
  it('names each statement with the read that carries it', () => {
    const text = renderProof(proof());
    expect(text).toContain('✓ The user 00u2 is deactivated in partner: DEPROVISIONED');
    expect(text).toContain('partner: getUser answered 200');
    expect(text).toContain('(holds)');
  });

  it('that was changed is told apart', () => {
    expect(renderProof({ ...proof(), reason: 'another one' })).toContain('(is not that of this content)');
  });
});

it('a diagnosis begins with the verdict and its fix', () => {
  const lines = renderDiagnosis({
    federationId: 'acme',
    at: '',
    verdict: { result: 'failed', check: 'assigned', sentence: 'Assigned: no.', fix: 'Assign.' },
    checks: [{ name: 'a', statement: 'Exists', result: 'passed', detail: '00u1', fix: null, evidence: [] }],
  }).split('\n');
  expect(lines).toEqual(['✗ Assigned: no.', 'Fix: Assign.', '', '✓ Exists: 00u1']);
});

describe('a batch', () => {
  it('counts the rows that are in a state', () => {
    expect(renderBatch(batchTold().batch)).toContain('done, 4 rows: 1 refused, 3 done; 3 changed something');
  });

  it('says of a bad row where and why', () => {
    const issue = { row: 4, line: 5, column: 'transition', reason: 'is none', fix: 'Write one.' };
    expect(renderRowIssue(issue)).toBe('line 5, transition: is none. Write one.');
  });
});
