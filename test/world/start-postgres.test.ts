import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { whyNoPostgres } from './start-postgres.js';

const run = promisify(execFile);

it.skipIf(whyNoPostgres() !== null).each([
  ['process.exitCode = 3', 3],
  ['process.exit(3)', 3],
  ['process.exit(0)', 0],
])('a run that used a PostgreSQL of a test and ends with %s ends so', async (end, code) => {
  const program = `
    const { startPostgres } = await import('./test/world/start-postgres.ts');
    await (await startPostgres()).stop();
    ${end};
  `;
  const ended = run(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
  expect(
    await ended.then(
      () => ({ code: 0, stderr: '' }),
      (error) => error,
    ),
  ).toMatchObject({ code, stderr: '' });
});
