import type { Facts } from './evidence.js';
import type { OperationStatus } from './federation.js';
import type { GateKind } from './gate.js';

export const alarmKinds = [
  'certificateExpires',
  'tokenExpires',
  'verificationFailed',
  'drift',
  'operationStopped',
  'fuseBlown',
  'gateStuck',
] as const;
export type AlarmKind = (typeof alarmKinds)[number];

export const alarmSeverities = ['warning', 'critical'] as const;
export type AlarmSeverity = (typeof alarmSeverities)[number];

/** Something that a person should look at before it hurts. Names ids only, never people. */
export interface Alarm {
  /** The same for as long as it is about the same thing. */
  readonly id: string;
  readonly kind: AlarmKind;
  readonly severity: AlarmSeverity;
  readonly federationId: string;
  readonly message: string;
  readonly fix: string;
  readonly facts: Facts;
}

/** An alarm with its times (ISO 8601, UTC). */
export interface RaisedAlarm extends Alarm {
  readonly raisedAt: string;
  /** When its severity last changed, or a nearer limit was reached. */
  readonly changedAt: string;
}

/** What is told to a webhook: an alarm was raised, has become more or less severe or more urgent, or has gone. */
export interface AlarmEvent {
  readonly event: 'raised' | 'changed' | 'cleared';
  readonly at: string;
  readonly alarm: RaisedAlarm;
}

/** When alarms are raised. */
export interface AlarmThresholds {
  /** Days before the end of a certificate; within the fewest the alarm is critical. */
  readonly certificateDays: readonly number[];
  /** Hours for which a gate may wait before it counts as stuck. */
  readonly gateStuckAfterHours: number;
}

/** What is known of one federation, as far as alarms are concerned. */
export interface WatchedFederation {
  readonly id: string;
  /** End of the signing certificate of the Org2Org app (ISO 8601); null if there is none yet. */
  readonly certificateExpires: string | null;
  /** The last setup, or what it was that a person must mend; null if there was none. */
  readonly setup: Pick<OperationStatus, 'outcome' | 'steps'> | null;
  readonly verification: Pick<OperationStatus, 'outcome' | 'steps'> | null;
  readonly drift: Pick<OperationStatus, 'drift'> | null;
}

/** An open gate of any workflow. */
export interface WatchedGate {
  readonly federationId: string;
  readonly workflowId: string;
  readonly kind: GateKind;
  readonly openedAt: string;
  readonly expiresAt: string;
}

/** Everything that alarms are decided from. */
export interface Watched {
  readonly federations: readonly WatchedFederation[];
  readonly gates: readonly WatchedGate[];
  /** Workflows at a gate that were not looked into because there are too many, by federation. */
  readonly uncounted: Readonly<Record<string, number>>;
}

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** How many ids an alarm names. */
const named = 20;

/**
 * The alarms that follow from what is known, one per matter.
 *
 * @param now milliseconds since the epoch.
 */
export function alarmsOf(
  { federations, gates, uncounted }: Watched,
  thresholds: AlarmThresholds,
  now: number,
): Alarm[] {
  return [
    ...federations.flatMap((federation) => [
      ...certificateAlarm(federation, thresholds, now),
      ...endedBadly(federation),
    ]),
    ...gates.filter(({ kind }) => kind === 'sweepFuse').map(fuseAlarm),
    ...stuckGates(gates, uncounted, thresholds, now),
  ];
}

function certificateAlarm(
  { id, certificateExpires }: WatchedFederation,
  { certificateDays }: AlarmThresholds,
  now: number,
): Alarm[] {
  if (certificateExpires === null) return [];
  const daysLeft = Math.floor((Date.parse(certificateExpires) - now) / dayMs);
  const passed = certificateDays.filter((days) => daysLeft <= days);
  if (passed.length === 0) return [];
  const gone = daysLeft < 0;
  return [
    {
      id: `certificateExpires/${id}`,
      kind: 'certificateExpires',
      severity: gone || passed.length === certificateDays.length ? 'critical' : 'warning',
      federationId: id,
      message: gone
        ? `The signing certificate of the Org2Org app expired on ${certificateExpires}.`
        : `The signing certificate of the Org2Org app expires in ${daysLeft} day(s), on ${certificateExpires}.`,
      fix: 'POST …/rotations with "what": "certificate" rolls it over while sign-ins go on.',
      facts: { certificateExpires, daysLeft, within: Math.min(...passed) },
    },
  ];
}

function endedBadly({ id, setup, verification, drift }: WatchedFederation): Alarm[] {
  const stopped = setup?.outcome === 'stopped' ? setup : null;
  const token = verification?.steps
    .flatMap(({ checks }) => checks)
    .find(({ name, result }) => tokenChecks.has(name) && result === 'failed');
  const failed = verification === null ? [] : failedChecks(verification);
  const differs = (drift?.drift?.differences ?? []).filter(({ ignored, mended }) => !ignored && !mended);
  const security = differs.some((difference) => difference.security);
  return [
    ...(token === undefined
      ? []
      : [
          {
            id: `tokenExpires/${id}`,
            kind: 'tokenExpires' as const,
            severity: 'critical' as const,
            federationId: id,
            message: `The SP token does not work, or would soon have ended: ${token.detail}.`,
            fix: token.fix ?? 'GET …/verification says more.',
            facts: {},
          },
        ]),
    ...(stopped === null
      ? []
      : [
          {
            id: `operationStopped/${id}`,
            kind: 'operationStopped' as const,
            severity: 'warning' as const,
            federationId: id,
            message: 'The setup has stopped: a person must mend something first.',
            fix: 'GET the federation: the stopped step says what, and what to do. Then send the same PUT again.',
            facts: { steps: stepsIn(stopped, 'stopped') },
          },
        ]),
    ...(failed.length === 0 && verification?.outcome !== 'stopped'
      ? []
      : [
          {
            id: `verificationFailed/${id}`,
            kind: 'verificationFailed' as const,
            severity: 'critical' as const,
            federationId: id,
            message: `The last verification has failed: ${failed.length} check(s).`,
            fix: 'GET …/verification: each failed check says what to do. Then verify again.',
            facts: { checks: failed.slice(0, named) },
          },
        ]),
    ...(differs.length === 0
      ? []
      : [
          {
            id: `drift/${id}`,
            kind: 'drift' as const,
            severity: security ? ('critical' as const) : ('warning' as const),
            federationId: id,
            message: `${differs.length} field(s) differ from what was agreed${security ? ', and security rests on some' : ''}.`,
            fix: 'GET …/drift names them and who changed them; the same PUT mends them, the next drift check sees it.',
            facts: { fields: differs.slice(0, named).map(({ resource, field }) => `${resource} ${field}`) },
          },
        ]),
  ];
}

/** The checks of a verification that tell whether the SP token lives, and for how long. */
const tokenChecks: ReadonlySet<string> = new Set(['spTokenAccepted', 'spTokenLife']);

type Ended = Pick<OperationStatus, 'outcome' | 'steps'>;

function stepsIn({ steps }: Ended, state: string): readonly string[] {
  return steps.filter((step) => step.state === state).map(({ name }) => name);
}

function failedChecks({ steps }: Ended): readonly string[] {
  return steps.flatMap(({ checks }) => checks.filter(({ result }) => result === 'failed').map(({ name }) => name));
}

function fuseAlarm({ federationId, workflowId, openedAt, expiresAt }: WatchedGate): Alarm {
  return {
    id: `fuseBlown/${workflowId}`,
    kind: 'fuseBlown',
    severity: 'critical',
    federationId,
    message: `The fuse of a sweep has blown at ${openedAt}: its list waits for another person until ${expiresAt}.`,
    fix: 'GET …/sweeps: read the findings of the one at its gate, then approve or reject it.',
    facts: { workflowId, openedAt, expiresAt },
  };
}

/** One alarm per federation: a hundred users at a gate are one matter for whoever is called. */
function stuckGates(
  gates: readonly WatchedGate[],
  uncounted: Readonly<Record<string, number>>,
  { gateStuckAfterHours }: AlarmThresholds,
  now: number,
): Alarm[] {
  const stuck = gates.filter(
    ({ kind, openedAt }) => kind !== 'sweepFuse' && now - Date.parse(openedAt) >= gateStuckAfterHours * hourMs,
  );
  return [...new Set(stuck.map(({ federationId }) => federationId))].map((federationId) => {
    const those = stuck.filter((gate) => gate.federationId === federationId);
    const oldest = those.map(({ openedAt }) => openedAt).sort()[0] ?? null;
    const more = uncounted[federationId] ?? 0;
    const count = `${those.length} gate(s)${more === 0 ? '' : `, and ${more} workflow(s) more that were not looked into,`}`;
    return {
      id: `gateStuck/${federationId}`,
      kind: 'gateStuck' as const,
      severity: 'warning' as const,
      federationId,
      message: `${count} wait for a person for more than ${gateStuckAfterHours} hours, the oldest since ${oldest}.`,
      fix: "Answer them: a federation's gates stand at GET …/federations/{id}, a user's at GET …/users/{login}.",
      facts: { gates: those.length, oldest, workflowIds: those.slice(0, named).map(({ workflowId }) => workflowId) },
    };
  });
}

/**
 * Compares the alarms of now with those before.
 *
 * @param at time of the comparison (ISO 8601, UTC).
 */
export function alarmEvents(
  before: readonly RaisedAlarm[],
  now: readonly Alarm[],
  at: string,
): { readonly alarms: readonly RaisedAlarm[]; readonly events: readonly AlarmEvent[] } {
  const known = new Map(before.map((alarm) => [alarm.id, alarm]));
  const looked = now.map((found) => {
    const earlier = known.get(found.id);
    const event = earlier === undefined ? 'raised' : isOther(earlier, found) ? 'changed' : null;
    const changedAt = earlier === undefined || event !== null ? at : earlier.changedAt;
    return { event, alarm: { ...found, raisedAt: earlier?.raisedAt ?? at, changedAt } } as const;
  });
  const told = looked.flatMap(({ event, alarm }): AlarmEvent[] => (event === null ? [] : [{ event, at, alarm }]));
  const cleared = before
    .filter(({ id }) => !now.some((alarm) => alarm.id === id))
    .map((alarm): AlarmEvent => ({ event: 'cleared', at, alarm }));
  return { alarms: looked.map(({ alarm }) => alarm), events: [...told, ...cleared] };
}

/** Whether there is more to tell of an alarm than before: another severity, or a limit that is nearer to the end. */
function isOther(before: Alarm, now: Alarm): boolean {
  const [limitBefore, limit] = [before.facts.within, now.facts.within];
  const nearer = typeof limitBefore === 'number' && typeof limit === 'number' && limit < limitBefore;
  return nearer || before.severity !== now.severity;
}
