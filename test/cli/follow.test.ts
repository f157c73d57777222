import { describe, expect, it } from 'vitest';
import type { SweepAnswer } from '../../src/api/schemas/sweep.js';
import { ApiProblem, askApi } from '../../src/cli/api-request.js';
import { followSweep } from '../../src/cli/follow.js';
import { catalogue, type ErrorCode, problem } from '../../src/domain/errors.js';

const running = { state: 'running', endedAt: null, steps: [] } as unknown as SweepAnswer;
const done = { ...running, state: 'done', endedAt: '2026-01-01T00:00:00.000Z' } as SweepAnswer;

const refused = (code: ErrorCode) => {
  const { message, ...said } = problem(code);
  const rest = {
    type: `urn:org2org:error:${code}`,
    title: code,
    detail: message,
    instance: '/',
    requestId: 'r',
    errors: [],
  };
  return new ApiProblem({ ...rest, ...said, status: catalogue[code].status });
};

/** Answers one after another; an error among them is thrown. */
function sweeps(...answers: readonly (SweepAnswer | (() => Promise<never>))[]) {
  const left = [...answers];
  return {
    get: async () => {
      const next = left.shift();
      if (next === undefined) throw new Error('asked too often');
      return typeof next === 'function' ? next() : next;
    },
  };
}

describe('whoever follows a sweep', () => {
  it('goes on when Temporal, or the API itself, was away for a moment', async () => {
    const nobody = () =>
      askApi({ url: 'http://127.0.0.1:1', token: 't' }, { method: 'GET', path: '/' }) as Promise<never>;
    const busy = () => Promise.reject(refused('O2O_TEMPORAL_UNAVAILABLE'));
    const heard: string[] = [];
    const last = await followSweep(sweeps(running, busy, nobody, done), 'id', ({ state }) => heard.push(state));
    expect([last.state, heard]).toEqual(['done', ['running', 'done']]);
  });

  it('ends where asking again cannot help', async () => {
    const gone = () => Promise.reject(refused('O2O_SWEEP_NOT_FOUND'));
    await expect(followSweep(sweeps(running, gone, done), 'id', () => undefined)).rejects.toMatchObject({
      document: { code: 'O2O_SWEEP_NOT_FOUND' },
    });
  });
});
