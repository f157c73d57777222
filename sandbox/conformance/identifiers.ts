import { isObject } from '../core/routing.js';

const oktaId = /^(?=\w*\d)(0[0-9a-z]{2}|[a-z]{3}|gPm|00T)[0-9A-Za-z]{13,18}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const keyId = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text is an id that the org chose. Words such as names of attributes are none: ids have a digit. */
export function isIdentifier(text: string): boolean {
  return oktaId.test(text) || uuid.test(text) || keyId.test(text) || /^(?=\w*\d)[0-9A-Za-z]{20}$/.test(text);
}

/** Which id of the sandbox stands for which id of a recording. Learnt from the answers of one scenario. */
export class Identifiers {
  readonly #live = new Map<string, string>();

  /** The text with all recorded ids that are known replaced. */
  translate(text: string): string {
    let result = text;
    for (const [recorded, live] of this.#live) result = result.replaceAll(recorded, live);
    return result;
  }

  /** Whether all ids in a path are known. */
  knows(path: string): boolean {
    return path
      .split(/[/?&=]/)
      .filter(isIdentifier)
      .every((id) => this.#live.has(id));
  }

  /** Takes the ids of an answer from where the recording has some. */
  learn(recorded: unknown, live: unknown): void {
    if (typeof recorded === 'string') {
      if (typeof live === 'string' && isIdentifier(recorded)) this.#live.set(recorded, live);
      return;
    }
    if (Array.isArray(recorded)) {
      if (Array.isArray(live)) for (const [index, entry] of recorded.entries()) this.learn(entry, live[index]);
      return;
    }
    if (!isObject(recorded) || !isObject(live)) return;
    for (const [name, value] of Object.entries(recorded)) if (name !== '_links') this.learn(value, live[name]);
  }
}
