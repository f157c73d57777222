import { randomUUID } from 'node:crypto';
import type { Org } from '../core/org.js';
import type { EventHook } from '../core/records.js';
import { asObject, asText } from '../core/routing.js';
import { type LoggedEvent, logEventAnswer } from '../core/system-log.js';

/** How deliveries go wrong; all 0 and false: they do not. */
export interface DeliveryFaults {
  /** Deliveries that are lost from now on. */
  lose: number;
  /** Deliveries that are sent twice from now on. */
  duplicate: number;
  /** Holds deliveries back and sends them in the opposite order when it is switched off or four have gathered. */
  outOfOrder: boolean;
}

const timeoutMs = 3_000;
const reorderWindow = 4;

/** Verifies event hooks and delivers the events of one org to them, as Okta does: 3 seconds, one retry. */
export class EventHookDelivery {
  readonly faults: DeliveryFaults = { lose: 0, duplicate: 0, outOfOrder: false };
  readonly #org: Org;
  #held: (() => void)[] = [];

  constructor(org: Org) {
    this.#org = org;
    org.verifyEventHook = (hook) => this.verify(hook);
    org.log.onEvent((event) => this.#deliver(event));
  }

  /** Asks the hook's address to send a one-time value back. */
  async verify(hook: EventHook): Promise<boolean> {
    const challenge = randomUUID();
    const headers = { 'x-okta-verification-challenge': challenge };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await send(hook, 'GET', headers);
      if (answer === null || answer.status >= 500) continue;
      return answer.status === 200 && asText(asObject(answer.body).verification) === challenge;
    }
    return false;
  }

  /** Sends what is held back. */
  release(): void {
    const held = this.#held.reverse();
    this.#held = [];
    for (const schedule of held) schedule();
  }

  #deliver(event: LoggedEvent): void {
    for (const hook of this.#org.eventHooks.all()) {
      if (hook.status !== 'ACTIVE' || hook.verificationStatus !== 'VERIFIED') continue;
      if (hook.events.items.includes(event.eventType)) this.#schedule(hook, event);
    }
  }

  #schedule(hook: EventHook, event: LoggedEvent): void {
    if (this.faults.lose > 0) {
      this.faults.lose -= 1;
      return;
    }
    const twice = this.faults.duplicate > 0;
    if (twice) this.faults.duplicate -= 1;
    const body = delivery(this.#org, hook, event);
    const schedule = () => {
      this.#org.background.schedule('eventHooks', () => post(hook, body), `hook ${hook.id}`);
      if (twice) this.#org.background.schedule('eventHooks', () => post(hook, body), `hook ${hook.id}`);
    };
    if (this.faults.outOfOrder) this.#held.push(schedule);
    else schedule();
    if (this.#held.length >= reorderWindow) this.release();
  }
}

function delivery(org: Org, hook: EventHook, event: LoggedEvent): string {
  return JSON.stringify({
    eventType: 'com.okta.event_hook',
    eventTypeVersion: '1.0',
    cloudEventsVersion: '0.1',
    source: `${org.url}/api/v1/eventHooks/${hook.id}`,
    eventId: randomUUID(),
    eventTime: org.clock.isoMillis(),
    contentType: 'application/json',
    data: { events: [logEventAnswer(event)] },
  });
}

/** One delivery: repeated once after a time-out or a 5xx, never after a 4xx. */
async function post(hook: EventHook, body: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const answer = await send(hook, 'POST', { 'content-type': 'application/json' }, body);
    if (answer !== null && answer.status < 500) return;
  }
}

async function send(
  hook: EventHook,
  method: string,
  headers: Record<string, string>,
  body?: string,
): Promise<{ status: number; body: unknown } | null> {
  const config = asObject(hook.channel.config);
  const own = Array.isArray(config.headers) ? config.headers.map(asObject) : [];
  const secretHeader = asText(asObject(config.authScheme).key);
  const all = new Headers(headers);
  for (const { key, value } of own) if (typeof key === 'string') all.set(key, String(value));
  if (secretHeader !== undefined && hook.secret !== null) all.set(secretHeader, hook.secret);
  try {
    const answer = await fetch(String(config.uri), {
      method,
      headers: all,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : null };
  } catch {
    return null;
  }
}
