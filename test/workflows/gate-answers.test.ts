import { describe, expect, it } from 'vitest';
import type { AnswerGate, Gate } from '../../src/domain/gate.js';
import { checkAnswer } from '../../src/workflows/gate.js';

const expiresAt = '2026-01-04T00:00:00.000Z';
const before = Date.parse(expiresAt) - 1;

const open: Gate = {
  name: 'protectedUser',
  kind: 'protectedUser',
  question: 'Shall this user be offboarded?',
  instructions: [],
  evidence: {},
  choices: [{ value: 'offboard', meaning: 'yes' }],
  role: 'approver',
  openedAt: '2026-01-01T00:00:00.000Z',
  expiresAt,
  state: 'open',
  answer: null,
};

const answer: AnswerGate = {
  gate: 'protectedUser',
  choice: 'offboard',
  why: 'read',
  actor: { name: 'boss', roles: ['approver'] },
};

const refusedWith = (gate: Gate | undefined, said: Partial<AnswerGate> = {}, now = before) => {
  try {
    checkAnswer(gate, { ...answer, ...said }, now);
    return null;
  } catch (error) {
    return error instanceof Error && 'type' in error ? error.type : error;
  }
};

describe('an answer to a gate', () => {
  it('counts while the gate is open, from somebody with the role, for a choice that it offers', () => {
    expect(refusedWith(open)).toBeNull();
    expect(refusedWith(undefined)).toBe('O2O_GATE_NOT_FOUND');
    expect(refusedWith(open, { actor: { name: 'ops', roles: ['operator'] } })).toBe('O2O_GATE_FORBIDDEN');
    expect(refusedWith(open, { choice: 'keep' })).toBe('O2O_GATE_CHOICE_UNKNOWN');
  });

  it('counts once', () => {
    const given = { choice: 'offboard', by: 'boss', why: 'read', at: '2026-01-02T00:00:00.000Z' };
    expect(refusedWith({ ...open, state: 'answered', answer: given })).toBe('O2O_GATE_ALREADY_ANSWERED');
  });

  it('comes too late from the very moment on, also where no worker has noticed yet', () => {
    expect(refusedWith(open, {}, Date.parse(expiresAt))).toBe('O2O_GATE_EXPIRED');
    expect(refusedWith({ ...open, state: 'expired' })).toBe('O2O_GATE_EXPIRED');
  });
});
