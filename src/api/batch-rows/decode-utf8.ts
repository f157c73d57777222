import { BatchRefused } from '../../domain/user-batch.js';

const newline = 0x0a;

function refuseEncoding(line: number): BatchRefused {
  const reason = 'holds bytes that are not UTF-8';
  const fix = 'Save the file as UTF-8 (in a spreadsheet: "CSV UTF-8") and send it again.';
  return new BatchRefused('O2O_BATCH_FILE_REFUSED', [{ row: null, line, column: null, reason, fix }]);
}

/**
 * Turns bytes into text, in pieces that end where a line or a given piece of bytes ends. A byte order mark is taken
 * away. Holds no more than one piece.
 *
 * @throws BatchRefused `O2O_BATCH_FILE_REFUSED` that names the first line which is not UTF-8
 */
export async function* decodeUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  const decode = (piece?: Uint8Array) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw refuseEncoding(line);
    }
  };
  for await (const chunk of bytes) {
    let start = 0;
    while (start < chunk.length) {
      const found = chunk.indexOf(newline, start);
      const end = found < 0 ? chunk.length : found + 1;
      yield decode(chunk.subarray(start, end));
      if (found >= 0) line += 1;
      start = end;
    }
  }
  yield decode();
}
