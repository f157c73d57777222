import type { Transition } from '../../src/domain/user-lifecycle.js';

const writes = ['revokeUserSessions', 'unassignUserFromApplication', 'unassignUserFromGroup', 'deactivateUser'];

/** Statements of a proof that rest on a read before the last write of their transition, or on none. */
export function provenTooEarly({ steps, proof }: Transition): string[] {
  const written = steps
    .flatMap(({ evidence }) => evidence)
    .filter(({ operation }) => writes.includes(operation))
    .map(({ at }) => at);
  const last = written.toSorted().at(-1) ?? '';
  return (proof?.statements ?? [])
    .filter(({ evidence }) => (evidence.at(-1)?.at ?? '') < last || evidence.length === 0)
    .map(({ name }) => name);
}
