import { mkdir, writeFile } from 'node:fs/promises';
import { bundleWorkflows } from '../src/worker/workflow-bundle.js';

const directory = new URL('../dist/', import.meta.url);
const { code } = await bundleWorkflows();
await mkdir(directory, { recursive: true });
await writeFile(new URL('workflow-bundle.js', directory), code);
