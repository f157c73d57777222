import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inChunks } from '../../../src/api/batch-rows/chunks.js';
import { type AddRows, type BatchOptions, type CheckedRow, isRefused } from '../../../src/domain/user-batch.js';
import { transitionKinds } from '../../../src/domain/user-lifecycle.js';
import { type Format, readRows } from './read-rows.js';

const attributes = ['firstName', 'lastName', 'title'] as const;
const columns = ['login', 'transition', 'at', 'reason', 'ticket', 'assignBy'] as const;

/** Texts with everything that is hard in either format; no formulas, which only CSV refuses. */
const hard = fc
  .string({
    unit: fc.constantFrom('a', 'é', '日', '😀', '"', ',', ';', '\n', '\r\n', '\\', ' ', '{', '}', '=', '/'),
    maxLength: 12,
  })
  .filter((text) => text !== '' && !/^[=+\-@\t\r]/.test(text));

const rowFields = fc.record(
  {
    login: fc.oneof(hard, fc.constantFrom('ada@acme.example', 'ADA@acme.example', 'eve@acme.example')),
    transition: fc.constantFrom(...transitionKinds, 'fire'),
    at: fc.constantFrom('2027-01-31T18:00:00Z', '2027-01-31T18:00:00+05:30', '2027-01-31'),
    reason: hard,
    ticket: hard,
    assignBy: fc.constantFrom('direct', 'group', 'hand'),
    profile: fc.dictionary(fc.constantFrom(...attributes), hard, { minKeys: 1 }),
  },
  { requiredKeys: [] },
);
type Fields = Partial<Record<(typeof columns)[number], string>> & { profile?: Record<string, string> };

const lineEnd = fc.constantFrom('\n', '\r\n');

function csv(rows: readonly Fields[], end: string): string {
  const header = [...columns, ...attributes.map((name) => `profile.${name}`)];
  const records = rows.map((row) => [
    ...columns.map((column) => row[column] ?? ''),
    ...attributes.map((name) => row.profile?.[name] ?? ''),
  ]);
  return stringify([header, ...records], { record_delimiter: end, quoted_match: /[\r\n]/ });
}

function ndjson(rows: readonly Fields[], end: string): string {
  return rows.map((row) => JSON.stringify(row) + end).join('');
}

const files = { csv, ndjson };
const manyRows = fc.array(rowFields, { minLength: 1, maxLength: 12 });
const cuts = fc.array(fc.nat(2_000), { maxLength: 40 });

it.each<Format>(['csv', 'ndjson'])('the same bytes give the same rows, however they arrive: %s', async (format) => {
  await fc.assert(
    fc.asyncProperty(manyRows, lineEnd, cuts, async (rows, end, places) => {
      const file = files[format](rows, end);
      const whole = await readRows(format, file);
      expect(await readRows(format, file, { cuts: places })).toEqual(whole);
      expect(await readRows(format, file, { cuts: Array.from(Buffer.from(file).keys()) })).toEqual(whole);
    }),
  );
});

it.each<Format>(['csv', 'ndjson'])('every row of a file comes out once, in order: %s', async (format) => {
  await fc.assert(
    fc.asyncProperty(manyRows, lineEnd, async (rows, end) => {
      const outcome = await readRows(format, files[format](rows, end));
      expect('rows' in outcome && outcome.rows.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
    }),
  );
});

it('CSV and NDJSON of the same rows agree on each row: what it says, or which columns are wrong', async () => {
  const essence = (row: CheckedRow) =>
    isRefused(row) ? row.issues.map(({ column, reason }) => ({ column, reason })) : { ...row, line: null };
  await fc.assert(
    fc.asyncProperty(manyRows, lineEnd, async (rows, end) => {
      const [fromCsv, fromNdjson] = await Promise.all([
        readRows(
          'csv',
          csv(
            rows.map((row) => ({ login: ' ', ...row })),
            end,
          ),
        ),
        readRows(
          'ndjson',
          ndjson(
            rows.map((row) => ({ login: ' ', ...row })),
            end,
          ),
        ),
      ]);
      expect('rows' in fromCsv && fromCsv.rows.map(essence)).toEqual(
        'rows' in fromNdjson && fromNdjson.rows.map(essence),
      );
    }),
  );
});

it('the line of a row is the one on which an editor shows it', async () => {
  await fc.assert(
    fc.asyncProperty(manyRows, lineEnd, async (rows, end) => {
      const outcome = await readRows('csv', csv(rows, end));
      const expected = rows.map((_, index) => csv(rows.slice(0, index), end).split('\n').length);
      expect('rows' in outcome && outcome.rows.map(({ line }) => line)).toEqual(expected);
    }),
  );
});

it('bytes of any kind are read or refused, never more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom<Format>('csv', 'ndjson'),
      async (bytes, format) => {
        await expect(readRows(format, bytes)).resolves.toBeDefined();
      },
    ),
  );
});

const options = { onError: 'skip', dryRun: false, transition: null, inFlight: 10 } as const;

async function lots(rows: readonly CheckedRow[], chosen: BatchOptions = options): Promise<AddRows[]> {
  const made: AddRows[] = [];
  const coming = (async function* () {
    yield* rows;
  })();
  for await (const lot of inChunks(coming, chosen)) made.push(lot);
  return made;
}

const refused = (row: number, text: string): CheckedRow => ({
  row,
  line: row,
  issues: [{ row, line: row, column: null, reason: text, fix: '' }],
});

it('lots hold all rows in order, at most 200 rows or 200 KB each', async () => {
  const sizes = fc.array(fc.nat(15_000), { minLength: 1, maxLength: 500 });
  await fc.assert(
    fc.asyncProperty(sizes, async (lengths) => {
      const rows = lengths.map((length, index) => refused(index + 1, 'x'.repeat(length)));
      const made = await lots(rows);
      expect(made.flatMap((lot) => lot.rows)).toEqual(rows);
      expect(made.map(({ chunk }) => chunk)).toEqual(made.map((_, index) => index));
      for (const lot of made) {
        expect(lot.rows.length).toBeLessThanOrEqual(200);
        expect(Buffer.byteLength(JSON.stringify(lot.rows))).toBeLessThanOrEqual(210 * 1024);
      }
    }),
    { numRuns: 20 },
  );
});

it('a digest tells other rows and other options from the same', async () => {
  const rows = [refused(1, 'a'), refused(2, 'b')];
  const digest = async (...given: Parameters<typeof lots>) => (await lots(...given)).at(-1)?.digest;
  expect(await digest(rows)).toBe(await digest([...rows]));
  expect(await digest(rows)).not.toBe(await digest([refused(1, 'a'), refused(2, 'c')]));
  expect(await digest(rows)).not.toBe(await digest(rows, { ...options, dryRun: true }));
});
