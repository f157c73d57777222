import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';

const [name, version, downloadDir] = process.argv.slice(2);
if (name === undefined || version === undefined || downloadDir === undefined) {
  throw new Error('usage: sdk-download-process.ts NAME VERSION DIRECTORY');
}

Runtime.install({ logger: new DefaultLogger('ERROR') });
const executable = { type: 'cached-download', version, downloadDir } as const;
try {
  const environment =
    name === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({ server: { executable } })
      : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await environment.teardown();
} catch (error) {
  if (!existsSync(join(downloadDir, `${name}-${version}`))) throw error;
}
