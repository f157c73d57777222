import { isObject } from '../core/routing.js';
import { isIdentifier } from './identifiers.js';

/** How an answer of the sandbox differs in shape from the recorded one. */
export interface Difference {
  readonly kind: 'missing' | 'type';
  /** Where, for example `/settings/signOn/spIssuer`. */
  readonly path: string;
  /** What the recording has there. */
  readonly recorded: string;
  readonly live: string;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/**
 * Keys that the recording has and the answer lacks, and values of another type. Of lists the first entries are
 * compared. Keys of the sandbox's own are no difference: orgs differ in what they have switched on.
 */
export function differences(recorded: unknown, live: unknown, path = ''): Difference[] {
  const recordedType = typeOf(recorded);
  const liveType = typeOf(live);
  if (recordedType !== liveType)
    return [{ kind: 'type', path: path === '' ? '/' : path, recorded: recordedType, live: liveType }];
  if (Array.isArray(recorded) && Array.isArray(live)) {
    return recorded.length > 0 && live.length > 0 ? differences(recorded[0], live[0], `${path}[0]`) : [];
  }
  if (!isObject(recorded) || !isObject(live)) return [];
  return Object.entries(recorded).flatMap(([name, value]): Difference[] => {
    if (isIdentifier(name)) return [];
    const here = `${path}/${name}`;
    if (!(name in live)) return [{ kind: 'missing', path: here, recorded: typeOf(value), live: 'absent' }];
    return differences(value, live[name], here);
  });
}
