import type { Assessment, ResourceInput } from '../domain/assessment.js';
import type { DriftCause, DriftCauses } from '../domain/drift.js';
import { assignmentQuestions, causeFilter } from '../domain/drift-causes.js';
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

/** How many of a group's newest assignments are looked through for the one to the app. */
const latestAssignments = 100;

/** The last change of each object that differs: one question to the System Log per resource, one per group too many. */
export async function readDriftCauses(
  session: OktaSession,
  input: ResourceInput,
  differing: readonly Assessment[],
): Promise<DriftCauses> {
  const causes: Record<string, DriftCause> = {};
  const now = Date.now();
  const latest = (filter: string, limit: number) =>
    latestLogEvents(session, { since: new Date(now - keptForMs), until: new Date(now + clockSkewMs), filter }, limit);
  for (const assessment of differing) {
    const { resource } = assessment;
    const filter = causeFilter(input, assessment);
    const [newest] = filter === null ? [] : await latest(filter, 1);
    if (newest !== undefined) causes[resource] = cause(newest);
    for (const { field, filter: ofGroup, appId } of assignmentQuestions(input, assessment)) {
      const events = await latest(ofGroup, latestAssignments);
      const found = events.find(({ target }) => target?.some(({ id }) => id === appId));
      if (found !== undefined) causes[`${resource} ${field}`] = cause(found);
    }
  }
  return causes;
}
