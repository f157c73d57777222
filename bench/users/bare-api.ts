import { Client, Connection } from '@temporalio/client';
import fastify from 'fastify';
import pg from 'pg';
import { z } from 'zod';
import { loadTemporal } from '../../src/config/temporal.js';
import { startPlanned } from './one-user.js';

/**
 * The least that an API could do for a command: one route that starts the workflow and writes one row. Nobody is
 * authenticated, nothing is chained or logged, and no more is checked than that there are a login and a time.
 */
const { connectionOptions, namespace } = loadTemporal();
const connection = await Connection.connect(connectionOptions);
const client = new Client({ connection, namespace });
const pool = new pg.Pool({ connectionString: process.env.ORG2ORG_LEDGER });
await pool.query('create table bare (id bigserial primary key, at timestamptz default now(), what jsonb)');

const Body = z.object({ login: z.string(), at: z.string() });
const [host = '', port = ''] = (process.env.HEALTH_ADDRESS ?? '').split(':');
const app = fastify();
app.get('/healthz', async () => ({}));
app.post('/users', async (request, reply) => {
  const { login, at } = Body.parse(request.body);
  await startPlanned(client, login, at);
  await pool.query('insert into bare (what) values ($1)', [JSON.stringify({ login, kind: 'onboard' })]);
  return reply.code(202).send({ started: true });
});
await app.listen({ host, port: Number(port) });
process.once('SIGTERM', async () => {
  await app.close();
  await Promise.all([pool.end(), connection.close()]);
});
