import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { FaultRequest } from '../sandbox/control/faults.js';
import { federateByHand, HandMadeFederation } from '../sandbox/control/hand-made-federation.js';
import { federationWorkflowId } from '../src/workflows/messages.js';
import { startOwnTemporal } from '../test/world/own-temporal.js';
import { federationId, specification, testUserPassword, type World, withoutPeople } from '../test/world/world.js';

const directory = new URL('../test/replay/histories/', import.meta.url);

const withToken = specification({ provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } });

/** What a federation goes through while its histories are recorded. */
const cases: Record<string, (world: World) => Promise<unknown>> = {
  async oauth2(world) {
    await world.setUp();
    await world.setUp();
  },
  async token(world) {
    await world.setUp(withToken);
    world.secrets.set('env:ORG2ORG_TOKEN', world.sandbox.sp.token);
    await world.answer('spToken', 'done');
    await world.settled();
  },
  async plan(world) {
    await world.send('plan');
    await world.settled();
  },
  async adopted(world) {
    await federateByHand(world.sandbox, HandMadeFederation.parse({ label: 'One', identityProvider: 'One' }));
    await federateByHand(world.sandbox, HandMadeFederation.parse({ label: 'Two', identityProvider: 'Two' }));
    const [gate] = (await world.setUp(withoutPeople())).gates;
    await world.answer(gate?.name ?? '', gate?.choices[0]?.value ?? '');
    await world.settled();
  },
  async 'org-away'(world) {
    world.sandbox.faults.add(FaultRequest.parse({ org: 'sp', kind: 'resetBefore', count: null }));
    await world.send('setup', withoutPeople());
    await world.settled(({ state }) => state === 'waiting');
    world.sandbox.faults.remove();
    await world.send('setup', withoutPeople());
    await world.settled();
  },
};

/**
 * One event a line, so that a new recording can be compared. Without the name of this machine and process, and without
 * the arguments of activities, half of the text, which a replay does not look at: it follows what came back.
 */
function concise(history: string): string {
  const text = history.replaceAll(`${process.pid}@${hostname()}`, 'org2org');
  const { events }: { events: unknown[] } = JSON.parse(text, (key, value) =>
    key === 'activityTaskScheduledEventAttributes' ? { ...value, input: undefined } : value,
  );
  return `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;
}

/** Everything that must not stand in a history, in clear or inside a payload. */
function assertNoSecret(history: string, { sandbox }: World): void {
  const payloads = [...history.matchAll(/"data":\s*"([^"]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  const text = [history, ...payloads].join('\n');
  for (const secret of [sandbox.idp.token, sandbox.sp.token, testUserPassword]) {
    if (text.includes(secret)) throw new Error('a recorded history holds a secret');
  }
}

async function record(name: string, world: World): Promise<void> {
  const { operations, state, lastPlan } = await world.federations.get(federationId);
  if (state !== 'ready' && lastPlan?.outcome !== 'done') throw new Error(`${name} ended as ${state}`);
  const workflowIds = [federationWorkflowId(federationId), ...operations.map(({ workflowId }) => workflowId)];
  await mkdir(new URL(`${name}/`, directory), { recursive: true });
  for (const workflowId of workflowIds) {
    const history = historyToJSON(await world.client.workflow.getHandle(workflowId).fetchHistory());
    assertNoSecret(history, world);
    const text = concise(history);
    const file = workflowId.slice(federationWorkflowId(federationId).length + 1).replace('/', '-') || 'federation';
    await writeFile(new URL(`${name}/${file}.json`, directory), text);
    process.stdout.write(`${name}/${file}: ${Math.round(text.length / 1024)} KB\n`);
  }
}

const temporal = await startOwnTemporal();
try {
  await rm(directory, { recursive: true, force: true });
  for (const [name, run] of Object.entries(cases)) {
    const world = await temporal.startWorld();
    try {
      await run(world);
      await record(name, world);
    } finally {
      await world.stop();
    }
  }
} finally {
  await temporal.stop();
}
