import type { Evidence } from '../domain/evidence.js';
import type { OktaSession } from '../okta/session.js';

/** How long an answer about a federation, not about a user, is good for the next user, in milliseconds. */
const goodForMs = 10_000;

/** What was read of a federation a moment ago: thousands of users do not ask for the same connection anew. */
export interface Remembered<Value> {
  readonly value: Value;
  /** Of the read that the value comes from. */
  readonly evidence: readonly Evidence[];
}

/**
 * Makes a read that is shared by all sessions of an org for ten seconds. A read that failed is not kept.
 *
 * @param read the calls; `key` names what is asked for.
 * @param isGood whether an answer is kept at all: what keeps users from going on is asked anew for each.
 */
export function remembering<Value>(
  read: (session: OktaSession, key: string) => Promise<Value>,
  isGood: (value: Value) => boolean = () => true,
) {
  const entries = new Map<string, { readonly found: Promise<Remembered<Value>>; readonly until: number }>();
  return async (session: OktaSession, key: string): Promise<Remembered<Value>> => {
    const kept = entries.get(key);
    if (kept !== undefined && kept.until > Date.now()) return kept.found;
    const before = session.evidence.length;
    const found = read(session, key).then((value) => ({ value, evidence: session.evidence.slice(before) }));
    entries.set(key, { found, until: Date.now() + goodForMs });
    try {
      const answer = await found;
      if (!isGood(answer.value)) entries.delete(key);
      return answer;
    } catch (error) {
      entries.delete(key);
      throw error;
    }
  };
}
