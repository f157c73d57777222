import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';

/** A bundle as `Worker.create` takes it. */
export type WorkflowBundle = { readonly code: string } | { readonly codePath: string };

/**
 * Bundles the workflows from their source; takes a few seconds. Their modules, which keep nothing of a workflow, are loaded
 * once and shared: loading them anew took a sixth of the time that a user's workflow needs here.
 */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  const pathOf = (name: string) =>
    fileURLToPath(new URL(`../workflows/${name}${extname(import.meta.url)}`, import.meta.url));
  const workflowsPath = pathOf('index');
  const taskTime = pathOf('task-time');
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [taskTime],
    preloadModules: [pathOf('stack-traces'), taskTime, workflowsPath],
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: asNodeRunsIt,
  });
}

/**
 * The SDK compiles workflows to the language of 2017, with slow helpers for spreads and fields of classes; Node runs that of
 * 2022 as it is.
 */
const asNodeRunsIt: NonNullable<BundleOptions['webpackConfigHook']> = (config) => {
  for (const rule of config.module?.rules ?? []) {
    const use = typeof rule === 'object' && rule !== null ? rule.use : undefined;
    const options = typeof use === 'object' && 'options' in use ? use.options : undefined;
    if (typeof options !== 'object' || !('jsc' in options)) continue;
    options.jsc = { ...options.jsc, target: 'es2022' };
  }
  return config;
};

/** The bundle that `npm run build` put beside the built code, else one made now from the source. */
export async function workflowBundle(): Promise<WorkflowBundle> {
  const built = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));
  return existsSync(built) ? { codePath: built } : bundleWorkflows();
}
