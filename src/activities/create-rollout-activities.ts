import type { WithSession } from './create-user-activities.js';
import { giveRolloutAccess } from './rollout-access.js';
import type { RolloutActivities } from './rollout-activities.js';
import {
  assessRolloutAssignment,
  assignRolloutGroup,
  checkRolloutConnection,
  findRolloutGroup,
} from './rollout-group.js';
import { explainRollout } from './rollout-issues.js';
import { checkRolloutLeavers, readRolloutLeavers } from './rollout-leavers.js';
import { findNeverLinked, lookAtRollout, readRolloutCandidates } from './rollout-members.js';

/** The activities of rollouts for one org. */
export function createRolloutActivities(withSession: WithSession): RolloutActivities {
  return {
    findRolloutGroup: (federation, asked) => withSession((session) => findRolloutGroup(session, federation, asked)),
    checkRolloutConnection: (federation) => withSession((session) => checkRolloutConnection(session, federation)),
    readRolloutCandidates: (input, after) =>
      withSession((session, signal) => readRolloutCandidates(session, input, after, signal)),
    findNeverLinked: (input, people) => withSession((session) => findNeverLinked(session, input, people)),
    assessRolloutAssignment: (input) => withSession((session) => assessRolloutAssignment(session, input)),
    assignRolloutGroup: (input) => withSession((session) => assignRolloutGroup(session, input)),
    lookAtRollout: (input, window) => withSession((session, signal) => lookAtRollout(session, input, window, signal)),
    explainRollout: (input, asked) => withSession((session) => explainRollout(session, input, asked)),
    giveRolloutAccess: (input, ids) => withSession((session, signal) => giveRolloutAccess(session, input, ids, signal)),
    readRolloutLeavers: (input, since, after) =>
      withSession((session) => readRolloutLeavers(session, input, since, after)),
    checkRolloutLeavers: (input, leavers) => withSession((session) => checkRolloutLeavers(session, input, leavers)),
  };
}
