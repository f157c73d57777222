import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../src/worker/workflow-bundle.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The bundle of the product's workflows, for `Worker.create` and for replaying. */
    workflowBundle: { codePath: string };
  }
}

interface Built {
  readonly directory: string;
  readonly codePath: string;
}

/** Vitest runs this file once in each project that names it; all of them share one bundle. */
const shared: typeof globalThis & { workflowBundle?: Promise<Built> } = globalThis;

async function build(): Promise<Built> {
  const { code } = await bundleWorkflows();
  const directory = await mkdtemp(join(tmpdir(), 'org2org-'));
  const codePath = join(directory, 'workflow-bundle.js');
  await writeFile(codePath, code);
  return { directory, codePath };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.workflowBundle ??= build();
  const { directory, codePath } = await shared.workflowBundle;
  project.provide('workflowBundle', { codePath });
  return () => rm(directory, { recursive: true, force: true });
}
