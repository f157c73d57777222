import { Context } from '@temporalio/activity';
import type { RatePriority } from '../okta/rate-plan.js';

/** Temporal's priority of whatever has none of its own. */
const usual = 3;

/** Whose requests go first in Okta's budget: the activity's priority in Temporal's queues (1 before 5) in Okta's words. */
export function activityPriority(): RatePriority {
  const { priorityKey = usual } = Context.current().info.priority ?? {};
  if (priorityKey <= usual) return 'interactive';
  return priorityKey === 4 ? 'batch' : 'sweep';
}
