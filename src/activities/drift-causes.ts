import type { Assessment, ResourceInput } from '../domain/assessment.js';
import type { DriftCause, DriftCauses } from '../domain/drift.js';
import { causeFilter } from '../domain/drift-causes.js';
import type { OktaSession } from '../okta/session.js';
import { type LogEvent, latestLogEvents } from '../okta/system-log.js';

/** Okta keeps its System Log for so long, in milliseconds. */
const keptForMs = 90 * 24 * 60 * 60 * 1000;

/** How far the org's clock may be ahead of ours, in milliseconds. */
const clockSkewMs = 5 * 60 * 1000;

function cause({ published, actor, eventType, uuid }: LogEvent): DriftCause {
  return {
    at: published,
    actorId: actor?.id ?? null,
    actorType: actor?.type ?? null,
    actorName: actor?.alternateId ?? null,
    eventType,
    eventId: uuid,
  };
}

/** The last change of each object that differs: one question to the System Log per resource. */
export async function readDriftCauses(
  session: OktaSession,
  input: ResourceInput,
  differing: readonly Assessment[],
): Promise<DriftCauses> {
  const causes: Partial<Record<Assessment['resource'], DriftCause>> = {};
  const now = Date.now();
  for (const assessment of differing) {
    const filter = causeFilter(input, assessment);
    if (filter === null) continue;
    const window = { since: new Date(now - keptForMs), until: new Date(now + clockSkewMs), filter };
    const [newest] = await latestLogEvents(session, window, 1);
    if (newest !== undefined) causes[assessment.resource] = cause(newest);
  }
  return causes;
}
