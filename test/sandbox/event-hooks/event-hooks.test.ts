import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../sandbox/sandbox.js';
import { startCheckedSandbox } from '../../world/openapi-check.js';
import { call } from '../okta-caller.js';

interface Delivery {
  readonly headers: Record<string, unknown>;
  readonly body: {
    eventId: string;
    data: { events: { uuid: string; eventType: string; target: { alternateId: string }[] }[] };
  };
}

let sandbox: Sandbox;
let receiver: FastifyInstance;
let uri: string;
let deliveries: Delivery[];
let answers: number[];
let verification: 'right' | 'wrong';

beforeAll(async () => {
  sandbox = await startCheckedSandbox();
  receiver = fastify();
  receiver.get('/hook', (request) => ({
    verification: verification === 'right' ? request.headers['x-okta-verification-challenge'] : 'something else',
  }));
  receiver.post<{ Body: Delivery['body'] }>('/hook', async (request, reply) => {
    deliveries.push({ headers: request.headers, body: request.body });
    return reply.status(answers.shift() ?? 204).send();
  });
  await receiver.listen({ host: '127.0.0.1', port: 0 });
  uri = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  await sandbox.stop();
  await receiver.close();
});

beforeEach(async () => {
  deliveries = [];
  answers = [];
  verification = 'right';
  for (const hook of sandbox.sp.org.eventHooks.all().slice()) sandbox.sp.org.eventHooks.delete(hook.id);
});

async function register(): Promise<{ id: string; verificationStatus: string; verifyStatus: number }> {
  const { body } = await call(sandbox.sp, 'POST', '/api/v1/eventHooks', {
    body: {
      name: 'test',
      events: { type: 'EVENT_TYPE', items: ['user.lifecycle.create'] },
      channel: {
        type: 'HTTP',
        version: '1.0.0',
        config: {
          uri,
          headers: [{ key: 'X-Env', value: 'test' }],
          authScheme: { type: 'HEADER', key: 'Authorization', value: 'planted-secret' },
        },
      },
    },
  });
  const verified = await call(sandbox.sp, 'POST', `/api/v1/eventHooks/${body.id}/lifecycle/verify`);
  const after = await call(sandbox.sp, 'GET', `/api/v1/eventHooks/${body.id}`);
  return { ...after.body, verifyStatus: verified.status };
}

let made = 0;
async function createUsers(count: number): Promise<string[]> {
  const logins: string[] = [];
  for (let index = 0; index < count; index += 1) {
    made += 1;
    const login = `hooked${made}@sp.example`;
    logins.push(login);
    const profile = { login, email: login, firstName: 'Ada', lastName: 'Byron' };
    await call(sandbox.sp, 'POST', '/api/v1/users', { body: { profile } });
  }
  await sandbox.idle();
  return logins;
}

const delivered = () => deliveries.map(({ body }) => body.data.events[0]?.target[0]?.alternateId);

describe('event hooks', () => {
  it('are verified by a value that comes back', async () => {
    expect(await register()).toMatchObject({ verifyStatus: 200, verificationStatus: 'VERIFIED' });
  });

  it('stay unverified and silent if something else comes back', async () => {
    verification = 'wrong';
    expect(await register()).toMatchObject({ verifyStatus: 400, verificationStatus: 'UNVERIFIED' });
    await createUsers(1);
    expect(deliveries).toEqual([]);
  });

  it('get the events they asked for, with their secret and headers', async () => {
    await register();
    const logins = await createUsers(2);
    expect(delivered()).toEqual(logins);
    expect(deliveries[0]?.headers).toMatchObject({ authorization: 'planted-secret', 'x-env': 'test' });
    expect(deliveries[0]?.body).toMatchObject({
      eventType: 'com.okta.event_hook',
      data: { events: [{ eventType: 'user.lifecycle.create' }] },
    });
  });

  it('are tried once more after a server error, never after a refusal', async () => {
    await register();
    answers = [500, 204];
    await createUsers(1);
    expect(deliveries).toHaveLength(2);
    expect(deliveries[0]?.body.eventId).toBe(deliveries[1]?.body.eventId);
    answers = [400];
    await createUsers(1);
    expect(deliveries).toHaveLength(3);
  });

  it('lose, repeat and reorder deliveries when they are told to', async () => {
    const hooks = (eventHooks: object) =>
      fetch(`${sandbox.control.url}/settings`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ org: 'sp', eventHooks }),
      });
    await register();
    await hooks({ lose: 1, duplicate: 1 });
    const [, second, third] = await createUsers(3);
    expect(delivered()).toEqual([second, second, third]);
    deliveries = [];
    await hooks({ outOfOrder: true });
    const logins = await createUsers(3);
    expect(delivered()).toEqual([]);
    await hooks({ outOfOrder: false });
    await sandbox.idle();
    expect(delivered()).toEqual(logins.toReversed());
  });
});
