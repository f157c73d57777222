import { createServer, type Server } from 'node:http';

/** Serves `GET /healthz` for whoever runs the worker: 200 while `healthy` says so, else 503. */
export function serveHealth(address: string, healthy: () => boolean): Server {
  const { hostname, port } = new URL(`http://${address}`);
  const server = createServer((_request, response) => {
    const ok = healthy();
    response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: ok ? 'ok' : 'not running' }));
  });
  return server.listen(Number(port), hostname);
}
