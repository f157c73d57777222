import type { FederationAnswer } from '../../src/api/schemas/federation.js';

/** What keeps a federation from being ready; empty if nothing does. */
export function problems({ state, steps }: FederationAnswer): string[] {
  const found = steps.flatMap(({ name, problem }) => (problem === null ? [] : [`${name}: ${problem.message}`]));
  return state === 'ready' ? found : [`it is ${state}`, ...found];
}
