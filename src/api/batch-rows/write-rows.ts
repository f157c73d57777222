import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { RowResult } from '../../domain/user-batch.js';

const columns = ['row', 'line', 'login', 'kind', 'state', 'changed', 'number', 'code', 'message', 'fix', 'note'];

async function* csvRecords(rows: AsyncIterable<RowResult>): AsyncGenerator<readonly string[]> {
  for await (const { row, line, login, kind, state, changed, number, problem, note } of rows) {
    const cells = [row, line, login, kind, state, changed, number, problem?.code, problem?.message, problem?.fix, note];
    yield cells.map((cell) => (cell == null ? '' : String(cell)));
  }
}

async function* ndjsonLines(rows: AsyncIterable<RowResult>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/** Rows as one JSON object a line. */
export function asNdjson(rows: AsyncIterable<RowResult>): Readable {
  return Readable.from(ndjsonLines(rows));
}

/** Rows as CSV; a cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function asCsv(rows: AsyncIterable<RowResult>): Readable {
  const writer = stringify({ header: true, columns, escape_formulas: true });
  pipeline(Readable.from(csvRecords(rows)), writer, () => {});
  return writer;
}
