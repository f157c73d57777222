import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { longestAnswerBytes } from './network.js';

const unzip = promisify(gunzip);

/** The headers of an answer as the SDK takes them. */
export function headersOf({ headers: received }: Dispatcher.ResponseData): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) headers.append(name, each);
  }
  return headers;
}

/**
 * The whole text of an answer, which may be compressed: Okta's long lists shrink to a tenth.
 *
 * @throws Error with a `code` if the answer is cut off, damaged or too large
 */
export async function textOf({ headers, body }: Dispatcher.ResponseData): Promise<string> {
  if (!/^gzip$/i.test(String(headers['content-encoding'] ?? ''))) return body.text();
  const zipped = Buffer.from(await body.arrayBuffer());
  if (zipped.length === 0) return '';
  return (await unzip(zipped, { maxOutputLength: longestAnswerBytes })).toString();
}
