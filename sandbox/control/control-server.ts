import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ConsoleAction, inConsole } from './console.js';
import { FaultRequest, requestOrigins } from './faults.js';
import { orgsOf, type RunningSandbox } from './running-sandbox.js';
import { Seed, seed } from './seed.js';
import { applySettings, Settings, shownSettings } from './settings.js';

const OrgName = z.enum(['idp', 'sp']);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const RequestQuery = z.strictObject({
  org: OrgName.optional(),
  operation: z.string().optional(),
  from: z.enum(requestOrigins).optional(),
  write: flag.optional(),
});
const ClockChange = z
  .strictObject({
    org: OrgName.optional(),
    now: z.iso.datetime({ offset: true }).optional(),
    advanceMs: z.number().optional(),
  })
  .refine((change) => (change.now === undefined) !== (change.advanceMs === undefined), 'needs either now or advanceMs');

/** The control server: seeds the orgs, shows what they were asked, breaks them. It is no part of Okta. */
export function createControlServer(sandbox: RunningSandbox): FastifyInstance {
  const server = fastify({ logger: false, bodyLimit: 64 * 1024 * 1024, forceCloseConnections: true });
  server.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    if (error instanceof z.ZodError) return reply.status(400).send({ error: z.prettifyError(error) });
    return reply.status(error.statusCode ?? 500).send({ error: error.message });
  });

  server.get('/', () => ({
    idp: { url: sandbox.idp.url },
    sp: { url: sandbox.sp.url },
    targetApp: { url: sandbox.targetApp.url },
  }));

  server.get('/requests', (request) => sandbox.requests.list(RequestQuery.parse(request.query)));
  server.delete('/requests', async (_request, reply) => {
    sandbox.requests.clear();
    return reply.status(204).send();
  });

  server.get('/faults', () => sandbox.faults.list());
  server.post('/faults', async (request, reply) => {
    const faults = z.array(FaultRequest).parse([request.body].flat());
    return reply.status(201).send(faults.map((fault) => sandbox.faults.add(fault)));
  });
  server.delete('/faults', () => ({ removed: sandbox.faults.remove() }));
  server.delete<{ Params: { id: string } }>('/faults/:id', ({ params }) => ({
    removed: sandbox.faults.remove(params.id),
  }));

  server.get('/clock', () => clocks(sandbox));
  server.put('/clock', (request) => {
    const change = ClockChange.parse(request.body);
    for (const { org } of orgsOf(sandbox, change.org)) {
      org.clock.set(change.now === undefined ? org.clock.now() + (change.advanceMs ?? 0) : Date.parse(change.now));
    }
    return clocks(sandbox);
  });

  server.get('/settings', () => ({ idp: shownSettings(sandbox.idp), sp: shownSettings(sandbox.sp) }));
  server.put('/settings', (request) => {
    const settings = Settings.parse(request.body);
    for (const running of orgsOf(sandbox, settings.org)) applySettings(running, settings);
    return { idp: shownSettings(sandbox.idp), sp: shownSettings(sandbox.sp) };
  });

  server.post('/seed', async (request) => seed(sandbox, Seed.parse(request.body)));
  server.post('/console', async (request) => inConsole(sandbox, ConsoleAction.parse(request.body)));
  server.post('/idle', async () => {
    await sandbox.idle();
    const failures = orgsOf(sandbox).flatMap(({ org }) => org.background.failures.map(String));
    return { idle: true, failures };
  });
  return server;
}

function clocks(sandbox: RunningSandbox): Record<string, string> {
  return { idp: sandbox.idp.org.clock.isoMillis(), sp: sandbox.sp.org.clock.isoMillis() };
}
