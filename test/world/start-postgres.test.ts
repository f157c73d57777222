import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { whyNoPostgres } from './start-postgres.js';

const run = promisify(execFile);

it.skipIf(whyNoPostgres() !== null)(
  'a run that used a PostgreSQL of a test ends with the code it was given',
  async () => {
    const program = `
      const { startPostgres } = await import('./test/world/start-postgres.ts');
      await (await startPostgres()).stop();
      process.exitCode = 3;
    `;
    await expect(
      run(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]),
    ).rejects.toMatchObject({ code: 3 });
  },
);
