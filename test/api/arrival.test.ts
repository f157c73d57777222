import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startApi, tokens } from './api.js';

/** Sends the head of a request and a part of its body; what comes back by the time the connection is closed. */
async function beginning(
  path: string,
  type: string,
  part: string,
): Promise<{ answer: () => string; closed: Promise<unknown> }> {
  const app = await startApi(undefined, { arrivesWithinMs: 200 });
  const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(url.port), url.hostname);
  onTestFinished(() => {
    socket.destroy();
  });
  let received = '';
  socket.on('data', (data) => {
    received += data.toString();
  });
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: api',
    `authorization: Bearer ${tokens.operator}`,
    `content-type: ${type}`,
  ];
  socket.write([...head, 'content-length: 1000', '', part].join('\r\n'));
  return { answer: () => received, closed: once(socket, 'close') };
}

it('a request that does not arrive in time is answered 408 and its connection closed', async () => {
  const { answer, closed } = await beginning('/v1/federations/acme/users', 'application/json', '{"login":');
  await closed;
  expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
});

it('the file of a batch may take longer', async () => {
  const { answer } = await beginning('/v1/federations/acme/batches', 'application/x-ndjson', '{"login":');
  await expect.poll(answer, { timeout: 20_000 }).toMatch(/^HTTP\/1\.1 503 /);
});
