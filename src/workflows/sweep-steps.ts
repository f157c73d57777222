import type { SweepStep, SweepStepName } from '../domain/sweep.js';

const titles: Readonly<Record<SweepStepName, string>> = {
  federation: 'The federation, and no other sweep of it',
  population: 'Read who is in the SP org because of the federation',
  source: 'Read who is assigned in the IdP org',
  completeness: 'Is what was read complete?',
  findings: 'Join both sides and judge everyone',
  fuse: 'Are these few enough to act on?',
  canary: 'Act on the first ones and read back',
  actions: 'Act on the rest',
};

/** The steps of a sweep before it begins. */
export function pendingSweepSteps(): readonly SweepStep[] {
  return (Object.keys(titles) as SweepStepName[]).map((name) => ({
    name,
    title: titles[name],
    state: 'pending',
    decided: null,
    evidence: [],
    gate: null,
    problem: null,
    startedAt: null,
    endedAt: null,
  }));
}
