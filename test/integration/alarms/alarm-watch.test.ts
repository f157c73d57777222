import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlarmSettings } from '../../../src/config/alarm-settings.js';
import { alarmWatchWorkflowId } from '../../../src/workflows/messages.js';
import { standingAlarms } from '../../world/alarms.js';
import { startWorldWithoutWorkers } from '../../world/start-world.js';
import { federationId, type World, withoutPeople } from '../../world/world.js';

describe('the watch over everything', () => {
  let world: World;
  let server: Server;
  const told: string[] = [];
  let refusals = 1;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      refusals -= 1;
      if (refusals < 0) {
        const { event, alarm } = JSON.parse(body);
        told.push(`${event} ${alarm.id}`);
      }
      response.writeHead(refusals < 0 ? 204 : 503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');

    world = await startWorldWithoutWorkers();
    world.secrets.set('env:WEBHOOK', 'planted-webhook-secret');
    const webhook = { url: `http://127.0.0.1:${address.port}/`, secret: 'env:WEBHOOK' };
    await world.startWorkers(AlarmSettings.parse({ webhook }));
  });
  afterAll(async () => {
    await world.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Has everything looked at again until the alarms are these. */
  async function standing(ids: readonly string[]): Promise<void> {
    const look = async () => (await standingAlarms(world))?.map(({ id }) => id);
    await expect.poll(look, { timeout: 60_000 }).toEqual(ids);
  }

  it('has nothing to say while all is well', async () => {
    await standing([]);
    expect(told).toEqual([]);
  });

  it('raises an alarm for a setup that stopped, until it has ended well, and tells the webhook both', async () => {
    await world.setUp(withoutPeople({ assignments: { groups: ['Nobody knows it'] } }));
    const id = `operationStopped/${federationId}`;
    await standing([id]);
    await expect.poll(() => told, { timeout: 30_000 }).toEqual([`raised ${id}`]);

    await world.setUp(withoutPeople());
    await standing([]);
    await expect.poll(() => told, { timeout: 30_000 }).toEqual([`raised ${id}`, `cleared ${id}`]);
  });

  it('keeps the secret of the webhook out of its history', async () => {
    const history = await world.client.workflow.getHandle(alarmWatchWorkflowId).fetchHistory();
    expect(JSON.stringify(history)).not.toContain('planted-webhook-secret');
  });
});
