import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EventHooks } from '../../../src/commands/event-hooks.js';
import type { EventHint } from '../../../src/domain/event-hook.js';
import { SweepSpec } from '../../../src/domain/sweep.js';
import { hookEventsWorkflowId } from '../../../src/workflows/messages.js';
import { type RegisteredHook, registerHook } from '../../world/event-hook.js';
import { FederatedWorld } from '../../world/federated-world.js';
import { federationId } from '../../world/world.js';

let federated: FederatedWorld;
let hook: RegisteredHook;

beforeAll(async () => {
  federated = await FederatedWorld.start();
  hook = await registerHook(federated.world);
});
afterAll(async () => {
  await hook.stop();
  await federated.stop();
});
beforeEach(() => {
  Object.assign(federated.world.sandbox.idp.eventHooks.faults, { lose: 0, duplicate: 0, outOfOrder: false });
});

const Start = z.tuple([z.object({ federationId: z.string(), spec: SweepSpec, trigger: z.string() })]);

/** The sweeps that were started after events, with the users of each. */
async function sweeps(): Promise<{ id: string; mode: string; users: readonly string[] }[]> {
  const { client } = federated.world;
  const found = [];
  for await (const { workflowId, runId } of client.workflow.list({ query: `WorkflowType = 'deactivationSweep'` })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const [payload] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const [start] = Start.parse([JSON.parse(Buffer.from(payload?.data ?? []).toString('utf8'))]);
    expect(start).toMatchObject({ federationId, trigger: 'event' });
    const { scope, mode } = start.spec;
    found.push({ id: workflowId, mode, users: scope === 'everyone' ? [] : scope.users });
  }
  return found;
}

/** Sweeps of which one of these users is a part. */
async function sweepsOf(...logins: readonly string[]) {
  return (await sweeps()).filter(({ users }) => users.some((login) => logins.includes(login)));
}

async function looked(...logins: readonly string[]) {
  await expect
    .poll(async () => new Set((await sweepsOf(...logins)).flatMap(({ users }) => users)), { timeout: 60_000 })
    .toEqual(new Set(logins));
}

const hint = (login: string, more: Partial<EventHint> = {}): EventHint => ({
  uuid: randomUUID(),
  login,
  userId: null,
  appId: null,
  ...more,
});

function handOver(...hints: readonly EventHint[]): Promise<void> {
  return new EventHooks(federated.world.client).handOver('acme', hints);
}

describe('an event hook of the IdP org', () => {
  it('is verified by Okta', async () => {
    expect(await hook.verify()).toMatchObject({ verificationStatus: 'VERIFIED' });
  });

  it('has a user who was deactivated looked at, once, although Okta delivers twice and in any order', async () => {
    const { faults } = federated.world.sandbox.idp.eventHooks;
    const logins = ['left-1@acme.example', 'left-2@acme.example', 'left-3@acme.example', 'left-4@acme.example'];
    for (const login of logins) await federated.newcomer(login);
    Object.assign(faults, { duplicate: 4, outOfOrder: true });
    for (const login of logins) await federated.inConsole('idp', login, { status: 'deactivate' });
    federated.world.sandbox.idp.eventHooks.release();
    await federated.world.sandbox.idle();
    await looked(...logins);
    expect((await sweepsOf(...logins)).flatMap(({ users }) => users).sort()).toEqual(logins);
  });

  it('has nobody looked at after an event of another kind, or of another app', async () => {
    await federated.newcomer('new@acme.example');
    await handOver(hint('elsewhere@acme.example', { appId: '0oaanotherapp' }), hint('here@acme.example'));
    await looked('here@acme.example');
    expect(await sweepsOf('new@acme.example', 'elsewhere@acme.example')).toEqual([]);
  });

  it('only reports as long as the federation has no schedule that allows more', async () => {
    expect((await sweeps()).map(({ mode }) => mode)).not.toContain('enforce');
  });
});

describe('the events that are handed over', () => {
  it('make one look at a user for many events, with any letters of the login', async () => {
    await handOver(hint('Grace@acme.example'), hint('grace@acme.example', { uuid: 'seen' }), hint('ada@acme.example'));
    await handOver(hint('grace@acme.example'), hint('ada@acme.example'));
    await looked('grace@acme.example', 'ada@acme.example');
    expect(await sweepsOf('grace@acme.example')).toHaveLength(1);
  });

  it('are known again when they come again later', async () => {
    await handOver(hint('again@acme.example', { uuid: 'the-same' }));
    await looked('again@acme.example');
    await handOver(hint('again@acme.example', { uuid: 'the-same' }), hint('later@acme.example'));
    await looked('later@acme.example');
    expect(await sweepsOf('again@acme.example')).toHaveLength(1);
  });

  it('name a user by id where no login is known', async () => {
    const userId = await federated.newcomer('by-id@acme.example');
    await handOver({ uuid: randomUUID(), login: null, userId, appId: null });
    await looked('by-id@acme.example');
  });

  it('make few sweeps out of a storm', async () => {
    const logins = Array.from({ length: 900 }, (_, index) => `storm-${index}@acme.example`);
    const before = (await sweeps()).length;
    for (let sent = 0; sent < logins.length; sent += 50) {
      await handOver(...logins.slice(sent, sent + 50).map((login) => hint(login)));
    }
    await looked(...logins);
    expect((await sweeps()).length - before).toBeLessThanOrEqual(2);
  });

  it('stand in no id and in no search attribute', async () => {
    for await (const { workflowId, typedSearchAttributes, memo } of federated.world.client.workflow.list()) {
      if (!/^(sweep|hooks)\//.test(workflowId)) continue;
      expect(JSON.stringify([workflowId, typedSearchAttributes, memo])).not.toContain('example');
    }
    const { memo } = await federated.world.client.workflow.getHandle(hookEventsWorkflowId('acme')).describe();
    expect(memo ?? {}).toEqual({});
  });
});
