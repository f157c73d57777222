import { createHash } from 'node:crypto';
import { InvalidRequest } from './validation.js';

const digestBytes = 8;

function digest(query: string, position: Uint8Array): Buffer {
  return createHash('sha256').update(query).update('\0').update(position).digest().subarray(0, digestBytes);
}

/** Temporal's position in a list, made opaque and tied to the query that it belongs to; null after the last page. */
export function writePageToken(query: string, position: Uint8Array): string | null {
  if (position.length === 0) return null;
  return Buffer.concat([digest(query, position), position]).toString('base64url');
}

/** The position in a page token; empty for the first page. @throws InvalidRequest for a token of another list. */
export function readPageToken(query: string, token: string | undefined): Buffer {
  if (token === undefined) return Buffer.alloc(0);
  const bytes = Buffer.from(token, 'base64url');
  const position = bytes.subarray(digestBytes);
  if (!digest(query, position).equals(bytes.subarray(0, digestBytes))) {
    throw new InvalidRequest('querystring', [
      {
        pointer: '/pageToken',
        message: 'is not the nextPageToken of this list',
        fix: 'Start again without pageToken and keep the other parameters the same from page to page.',
      },
    ]);
  }
  return position;
}
