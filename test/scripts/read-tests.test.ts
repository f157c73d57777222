import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../.ci/read-tests.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'org2org-read-tests-'));
afterAll(() => rmSync(directory, { recursive: true }));

type Test = readonly [name: string, status: 'passed' | 'failed' | 'skipped', ...whys: string[]];

/** A run's report as vitest writes it: each file with its tests, and why it failed outside of them. */
function report(
  name: string,
  files: Readonly<Record<string, { readonly tests: readonly Test[]; why?: string }>>,
): string {
  const testResults = Object.entries(files).map(([file, { tests, why }]) => ({
    name: join(process.cwd(), file),
    status: why !== undefined || tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
    message: why ?? '',
    assertionResults: tests.map(([fullName, status, ...failureMessages]) => ({ fullName, status, failureMessages })),
  }));
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

function read(...args: readonly string[]): readonly string[] {
  return execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
}

const first = report('first.json', {
  'a.test.ts': { tests: [['goes', 'passed']] },
  'b.test.ts': {
    tests: [
      ['comes', 'failed', 'Error: too late\n  at b'],
      ['waits', 'passed'],
    ],
  },
  'c.test.ts': { tests: [['stays', 'passed']], why: 'Error: no end\n  at c' },
  'd.test.ts': { tests: [['is left out', 'skipped']] },
});

it('names the files of a run that failed, in a test or outside of one', () => {
  expect(read('files', first)).toEqual(['b.test.ts', 'c.test.ts']);
});

it('counts a failure outside of the tests as one', () => {
  expect(read('told', first)).toEqual([
    'failed: b.test.ts: comes: Error: too late',
    'failed: c.test.ts: outside its tests: Error: no end',
    '3 tests passed, 2 failed, 1 skipped',
  ]);
});

it('lets the second run of a file decide, and tells what needed it', () => {
  const again = report('again.json', {
    'b.test.ts': {
      tests: [
        ['comes', 'passed'],
        ['waits', 'failed', 'Error: away'],
      ],
    },
    'c.test.ts': { tests: [['stays', 'passed']] },
  });
  expect(read('told', first, again)).toEqual([
    'failed at first: b.test.ts: comes: Error: too late',
    'failed at first: c.test.ts: outside its tests: Error: no end',
    'failed: b.test.ts: waits: Error: away',
    '3 tests passed, 1 failed, 1 skipped',
  ]);
});
