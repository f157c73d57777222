import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { BatchRefused } from '../../domain/user-batch.js';
import { csvColumns, isKnownColumn } from './columns.js';
import { type FileRow, type Issue, mostRowBytes, tooLong } from './file-row.js';

/** Where the reader gives up: a quotation mark that is never closed would swallow the file. */
const mostRecordBytes = 4 * mostRowBytes;

const Record = z.object({ record: z.array(z.string()), info: z.object({ lines: z.int() }) });

function refuse(line: number, issues: readonly Issue[]): BatchRefused {
  return new BatchRefused(
    'O2O_BATCH_FILE_REFUSED',
    issues.map((issue) => ({ row: null, line, ...issue })),
  );
}

/** What is wrong with the header. */
function headerIssues(columns: readonly string[]): Issue[] {
  const known = `The columns are ${csvColumns.join(', ')} and profile.<attribute>, separated by commas.`;
  const unknown = columns.filter((column) => !isKnownColumn(column));
  const twice = columns.filter((column, index) => columns.indexOf(column) < index);
  return [
    ...unknown.map((column) => ({
      column: column.slice(0, 100),
      reason: column === '' ? 'the header has a column without a name' : 'is not a known column',
      fix: known,
    })),
    ...twice.map((column) => ({ column, reason: 'stands in the header more than once', fix: 'Remove one of them.' })),
    ...(columns.includes('login') || unknown.length === columns.length
      ? []
      : [{ column: 'login', reason: 'is missing in the header', fix: known }]),
  ];
}

function formulaIssues(columns: readonly string[], cells: readonly string[]): Issue[] {
  return cells.flatMap((cell, index) =>
    /^[=+\-@\t\r]/.test(cell)
      ? [
          {
            column: columns[index] ?? null,
            reason:
              'begins with a character that makes a spreadsheet run it as a formula (= + - @, tab, carriage return)',
            fix: 'Correct the cell. If the value is meant so, send the batch as NDJSON.',
          },
        ]
      : [],
  );
}

/** Cells by their columns; those named `profile.…` together as `profile`. Empty cells say nothing. */
function fieldsOf(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const filled = columns.flatMap((column, index): [string, string][] => {
    const cell = cells[index] ?? '';
    return cell === '' ? [] : [[column, cell]];
  });
  const [attributes, own] = [true, false].map((inProfile) =>
    filled.filter(([column]) => column.startsWith('profile.') === inProfile),
  );
  return {
    ...Object.fromEntries(own ?? []),
    ...(attributes?.length
      ? { profile: Object.fromEntries(attributes.map(([name, cell]) => [name.slice(8), cell])) }
      : {}),
  };
}

function contentOf(columns: readonly string[], cells: readonly string[]): FileRow['content'] {
  if (cells.reduce((bytes, cell) => bytes + Buffer.byteLength(cell), 0) > mostRowBytes) return { issues: [tooLong] };
  if (cells.length !== columns.length) {
    const reason = `has ${cells.length} cells where the header has ${columns.length} columns`;
    return { issues: [{ column: null, reason, fix: 'Put cells that hold commas into quotation marks.' }] };
  }
  const issues = formulaIssues(columns, cells);
  return issues.length > 0 ? { issues } : { fields: fieldsOf(columns, cells) };
}

/** What the CSV reader could not read. */
function unreadable(error: CsvError, line: number): BatchRefused {
  const closed = 'Close every quotation mark; inside a quoted cell write it twice.';
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const reason = 'begins a row that does not end: a quotation mark is not closed, or the row is far too long';
    return refuse(line, [{ column: null, reason, fix: closed }]);
  }
  return refuse(line, [{ column: null, reason: 'has a quotation mark where none may be, or lacks one', fix: closed }]);
}

/**
 * Tells the line on which a record begins. The parser counts each carriage return and each line feed inside cells as a
 * line, where a text editor counts the two together as one.
 */
function lineCount(): (counted: number, record: readonly string[]) => number {
  const before = { counted: 0, line: 0 };
  return (counted, record) => {
    const text = record.join('');
    const inCells = text.match(/[\r\n]/g)?.length ?? 0;
    const line = before.line + counted - inCells - before.counted;
    before.counted = counted;
    before.line = line + (text.match(/\n/g)?.length ?? 0);
    return line;
  };
}

/**
 * Reads CSV (RFC 4180) with a header; empty lines are passed over. Holds no more than one row and what the streams
 * between have.
 *
 * @throws BatchRefused `O2O_BATCH_FILE_REFUSED` for a header that cannot be right and for what is not CSV
 */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<FileRow> {
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: mostRecordBytes,
  });
  const fed = pipeline(Readable.from(text), parser);
  fed.catch(() => {});
  const lineOf = lineCount();
  let columns: readonly string[] | null = null;
  let row = 0;
  try {
    for await (const found of parser) {
      const { record, info } = Record.parse(found);
      const line = lineOf(info.lines, record);
      if (columns === null) {
        const issues = headerIssues(record);
        if (issues.length > 0) throw refuse(line, issues);
        columns = record;
      } else {
        row += 1;
        yield { row, line, content: contentOf(columns, record) };
      }
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error, lineOf(parser.info.lines, [])) : error;
  }
  await fed;
}
