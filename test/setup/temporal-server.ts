import type { TestProject } from 'vitest/node';
import { startTemporal } from '../../scripts/temporal/start-temporal.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Temporal server that all tests of this run share. */
    temporal: { address: string; uiUrl: string | null };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { address, uiUrl, stop } = await startTemporal({ ui: true });
  project.provide('temporal', { address, uiUrl });
  return stop;
}
