import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleWorkflows } from '../../src/worker/workflow-bundle.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The programs of the project and of its benchmarks, compiled as those of the image are. */
export interface BuiltPrograms {
  /** Where the built program of a source file lies; `source` is its path from the project's root. */
  pathOf(source: string): string;
  remove(): Promise<void>;
}

/** Builds them, with the workflow bundle, below `node_modules`, where they find their packages. */
export async function buildPrograms(): Promise<BuiltPrograms> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, 'org2org-bench-'));
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const output = ['--noEmit', 'false', '--sourceMap', '--rootDir', root, '--outDir', directory];
  const [{ code }] = await Promise.all([bundleWorkflows(), promisify(execFile)(tsc, ['-p', root, ...output])]);
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  await writeFile(join(directory, 'workflow-bundle.js'), code);
  return {
    pathOf: (source) => join(directory, source.replace(/\.ts$/, '.js')),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
