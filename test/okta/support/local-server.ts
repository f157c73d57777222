import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LocalServer {
  readonly url: string;
  readonly received: readonly Received[];
}

export type Respond = (request: Received, response: ServerResponse) => void;

/** Starts an HTTP server on a free port that ends with the test. */
export async function startServer(respond: Respond): Promise<LocalServer> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    received.push(request);
    respond(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** Answers with JSON and the headers of an Okta org. */
export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'x-okta-request-id': 'req-1', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers with an error as Okta's Management API words it. */
export function oktaError(
  response: ServerResponse,
  status: number,
  errorCode: string,
  errorSummary: string,
  causes: readonly string[] = [],
  headers: Record<string, string> = {},
) {
  const errorCauses = causes.map((cause) => ({ errorSummary: cause }));
  json(response, status, { errorCode, errorSummary, errorLink: errorCode, errorId: 'oae1', errorCauses }, headers);
}
