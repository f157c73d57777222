import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** A bundle as `Worker.create` takes it. */
export type WorkflowBundle = { readonly code: string } | { readonly codePath: string };

/** Bundles the workflows from their source; takes a few seconds. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const index = new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url);
  return bundleWorkflowCode({ workflowsPath: fileURLToPath(index), logger: new DefaultLogger('WARN') });
}

/** The bundle that `npm run build` put beside the built code, else one made now from the source. */
export async function workflowBundle(): Promise<WorkflowBundle> {
  const built = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  return existsSync(built) ? { codePath: built } : bundleWorkflows();
}
