import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type RequestOrigin, requestOrigins } from './faults.js';

const header = 'x-sandbox-origin';
const key = randomUUID();

/** Headers that mark a request as one that the sandbox itself sends. Nobody outside this process can make them. */
export function originHeaders(origin: RequestOrigin): Record<string, string> {
  return { [header]: `${key} ${origin}` };
}

/** Who sent a request. */
export function originOf(headers: IncomingHttpHeaders): RequestOrigin {
  const [sentKey, name] = String(headers[header] ?? '').split(' ');
  const origin = requestOrigins.find((candidate) => candidate === name);
  return sentKey === key && origin !== undefined ? origin : 'client';
}
