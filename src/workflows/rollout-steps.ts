import type { RolloutStep, RolloutStepName } from '../domain/group-rollout.js';

const steps: readonly (readonly [RolloutStepName, string, RolloutStep['side']])[] = [
  ['federation', 'Federation and connection fit', 'idp'],
  ['group', 'Find the group', 'idp'],
  ['members', 'Look at the members in the SP org', 'both'],
  ['assignment', 'Assign the group to the Org2Org app', 'idp'],
  ['provisioned', 'Follow the members until they are provisioned', 'idp'],
  ['access', 'Give those who arrived the target app', 'both'],
  ['leavers', 'Read back who left the group', 'both'],
  ['lastLook', 'Look once more: did anybody join, leave or change?', 'idp'],
];

/** The steps of a rollout before it begins. */
export function pendingRolloutSteps(): readonly RolloutStep[] {
  return steps.map(([name, title, side]) => ({
    name,
    title,
    side,
    state: 'pending',
    decided: null,
    applied: [],
    evidence: [],
    gate: null,
    problem: null,
    startedAt: null,
    endedAt: null,
  }));
}
