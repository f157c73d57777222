import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from './markdown.js';

const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The cells of the table under *Pitfalls*, row by row. */
const rows = (read('docs/operations.md').split('\n## Pitfalls\n')[1]?.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, pitfall = '', foundBy = '', sandbox = '', shownBy = '']) => ({ pitfall, foundBy, sandbox, shownBy }));

/** Texts in backquotes. */
const codesIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const source = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => read(`src/${file}`));

describe('the table of pitfalls', () => {
  it('has the thirty of the reference, in its order', () => {
    const numbers = rows.map(({ pitfall }) => Number.parseInt(pitfall, 10));
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it.each(rows)('$pitfall: names tests that exist, or says why there is none', ({ sandbox, shownBy }) => {
    const tests = codesIn(shownBy);
    expect(tests.filter((test) => !existsSync(new URL(`test/${test}`, root)))).toEqual([]);
    if (tests.length === 0) expect([sandbox, shownBy]).toEqual([expect.stringMatching(/^no: /), '—']);
  });

  it.each(rows)(
    '$pitfall: the checks that find it are those of its tests, or of the source',
    ({ foundBy, shownBy }) => {
      const tests = codesIn(shownBy).map((test) => read(`test/${test}`));
      const texts = tests.length === 0 ? source : tests;
      const stands = (check: string) => texts.some((text) => new RegExp(`\\b${check}\\b`).test(text));
      expect(codesIn(foundBy).filter((check) => !stands(check))).toEqual([]);
    },
  );

  it('names every test of pitfalls', () => {
    const named = rows.flatMap(({ shownBy }) => codesIn(shownBy));
    const tests = readdirSync(new URL('test/integration/pitfalls/', root)).filter((file) => file.endsWith('.test.ts'));
    expect(tests.filter((file) => !named.includes(`integration/pitfalls/${file}`))).toEqual([]);
  });
});
