import type { TestProject } from 'vitest/node';
import { startTemporal } from '../../scripts/temporal/start-temporal.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Temporal server that all tests of this run share. */
    temporal: { address: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { address, stop } = await startTemporal();
  project.provide('temporal', { address });
  return stop;
}
