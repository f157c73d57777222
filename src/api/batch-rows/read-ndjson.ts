import { type FileRow, mostRowBytes, tooLong } from './file-row.js';

const notJson = {
  column: null,
  reason: 'is not a JSON object',
  fix: 'Write one JSON object on one line, for example {"login":"ada@acme.example"}.',
};

function contentOf(text: string): FileRow['content'] {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? { fields } : { issues: [notJson] };
  } catch {
    return { issues: [notJson] };
  }
}

/** Reads one JSON object per line; empty lines are passed over. Holds no more than one row. */
export async function* readNdjson(text: AsyncIterable<string>): AsyncGenerator<FileRow> {
  let row = 0;
  let line = 1;
  let held = '';
  let bytes = 0;
  const take = (): FileRow[] => {
    const content = bytes > mostRowBytes ? { issues: [tooLong] } : held.trim() === '' ? null : contentOf(held);
    held = '';
    bytes = 0;
    if (content === null) return [];
    row += 1;
    return [{ row, line, content }];
  };
  for await (const piece of text) {
    const ends = piece.endsWith('\n');
    const part = ends ? piece.slice(0, -1) : piece;
    bytes += Buffer.byteLength(part);
    if (bytes <= mostRowBytes) held += part;
    if (!ends) continue;
    yield* take();
    line += 1;
  }
  yield* take();
}
