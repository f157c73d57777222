import { readFile, writeFile } from 'node:fs/promises';
import { catalogue } from '../src/domain/errors.js';

const target = new URL('../docs/errors.md', import.meta.url);

/** The page `docs/errors.md`: every entry of the catalogue. */
export function errorsDocument(): string {
  const rows = Object.entries(catalogue).map(
    ([code, { status, message, retryable, fix }]) =>
      `| \`${code}\` | ${status} | ${message} | ${retryable ? 'yes' : 'no'} | ${fix} |`,
  );
  return [
    '# Errors',
    '',
    'Every error of the product stands in one catalogue, `src/domain/errors.ts`; this page is generated from it by',
    '`npm run docs`. The API answers with `application/problem+json` that carries the code, the message, the fix and a',
    'request id. Where an error stops a step of a setup, the same problem stands in that step.',
    '',
    '*Retried* means: whoever waits need not do anything. The step shows that it waits, why, and goes on by itself; the',
    "wait follows the time that Okta's headers name where they name one. Everything else stops the step, and after the",
    'fix the same `PUT` goes on where it was.',
    '',
    '| code | status | message | retried | what to do |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (process.argv.includes('--write')) await writeFile(target, errorsDocument());
else if (process.argv.includes('--check') && (await readFile(target, 'utf8')) !== errorsDocument()) {
  process.stderr.write('docs/errors.md is out of date: run npm run docs\n');
  process.exitCode = 1;
}
