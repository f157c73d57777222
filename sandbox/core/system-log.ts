import type { Clock } from './clock.js';
import { type EventType, eventTypes } from './event-types.js';
import { newUuid, randomText } from './ids.js';
import type { Json } from './records.js';

export type Severity = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
export type OutcomeResult =
  | 'SUCCESS'
  | 'FAILURE'
  | 'SKIPPED'
  | 'ALLOW'
  | 'DENY'
  | 'CHALLENGE'
  | 'UNKNOWN'
  | 'RATE_LIMIT'
  | 'DEFERRED'
  | 'SCHEDULED'
  | 'ABANDONED'
  | 'UNANSWERED';

/** Who did it. */
export interface LogActor {
  readonly id: string;
  /** `User`, `PublicClientApp`, `SystemPrincipal` … */
  readonly type: string;
  readonly alternateId: string;
  readonly displayName: string;
}

/** What it was done to. */
export interface LogTarget extends LogActor {
  readonly detailEntry?: Json | null;
}

/** What a part of the sandbox says happened. */
export interface LogEntry {
  readonly eventType: EventType;
  readonly actor: LogActor;
  readonly target?: readonly LogTarget[];
  readonly outcome?: { readonly result: OutcomeResult; readonly reason?: string | null };
  readonly severity?: Severity;
  readonly displayMessage?: string;
  readonly transactionDetail?: Json;
  readonly debugData?: Json;
  readonly externalSessionId?: string;
}

/** An event as it stands in the log. `position` is its place in the order of arrival. */
export interface LoggedEvent extends LogEntry {
  readonly position: number;
  readonly uuid: string;
  /** Milliseconds by the org's clock. */
  readonly published: number;
  readonly transactionId: string;
}

/** The org itself as actor: background work. */
export const systemActor: LogActor = {
  id: 'unknown',
  type: 'SystemPrincipal',
  alternateId: 'system@okta.com',
  displayName: 'Okta System',
};

type Listener = (event: LoggedEvent) => void;

/** The System Log of one org, in the order of arrival. */
export class SystemLog {
  readonly #clock: Clock;
  readonly #events: LoggedEvent[] = [];
  readonly #listeners = new Set<Listener>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  write(entry: LogEntry): LoggedEvent {
    const event: LoggedEvent = {
      ...entry,
      position: this.#events.length,
      uuid: newUuid(),
      published: this.#clock.now(),
      transactionId: randomText(26),
    };
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** All events in the order of arrival. The array must not be changed. */
  all(): readonly LoggedEvent[] {
    return this.#events;
  }

  /** Calls the listener with each new event. Returns the function that ends this. */
  onEvent(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The event as `GET /api/v1/logs` and event hooks answer it. */
export function logEventAnswer(event: LoggedEvent): Json {
  return {
    actor: { ...event.actor, detailEntry: null },
    client: {
      userAgent: null,
      zone: null,
      device: null,
      id: null,
      ipAddress: '127.0.0.1',
      geographicalContext: null,
    },
    device: null,
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      rootSessionId: event.externalSessionId ?? null,
      externalSessionId: event.externalSessionId ?? null,
    },
    displayMessage: event.displayMessage ?? eventTypes[event.eventType],
    eventType: event.eventType,
    outcome: { result: event.outcome?.result ?? 'SUCCESS', reason: event.outcome?.reason ?? null },
    published: new Date(event.published).toISOString(),
    securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
    severity: event.severity ?? (event.outcome?.result === 'FAILURE' ? 'WARN' : 'INFO'),
    debugContext: { debugData: event.debugData ?? {} },
    legacyEventType: null,
    transaction: { type: 'WEB', id: event.transactionId, detail: event.transactionDetail ?? {} },
    uuid: event.uuid,
    version: '0',
    request: { ipChain: [] },
    target: event.target?.map((target) => ({ ...target, detailEntry: target.detailEntry ?? null })) ?? [],
  };
}
