import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import { FaultRequest } from '../sandbox/control/faults.js';
import { federateByHand, HandMadeFederation } from '../sandbox/control/hand-made-federation.js';
import { Alarms } from '../src/commands/alarms.js';
import { Diagnoses } from '../src/commands/diagnosis.js';
import { OperationSchedules } from '../src/commands/operation-schedules.js';
import { Rollouts } from '../src/commands/rollouts.js';
import { UserBatches } from '../src/commands/user-batches.js';
import { userKey } from '../src/commands/user-key.js';
import { Users } from '../src/commands/users.js';
import type { TransitionKind } from '../src/domain/user-lifecycle.js';
import {
  alarmWatchWorkflowId,
  batchRowsWorkflowId,
  batchWorkflowId,
  federationWorkflowId,
  kindAttribute,
  lookAgainSignal,
  operationScheduleId,
  rolloutWorkflowId,
  sweepWorkflowId,
  userWorkflowId,
} from '../src/workflows/messages.js';
import { exported, pairsOf } from '../test/world/adoptions.js';
import { AgreedOperations } from '../test/world/agreed-operations.js';
import { edit } from '../test/world/by-hand.js';
import { startOwnTemporal } from '../test/world/own-temporal.js';
import { preflightOf } from '../test/world/preflights.js';
import { WorldSweeps } from '../test/world/sweeps.js';
import { type Said, WorldUsers } from '../test/world/users.js';
import { checkDrift, verify } from '../test/world/verification-and-drift.js';
import {
  federationId,
  operator,
  patiently,
  specification,
  testUserPassword,
  type World,
  withoutPeople,
} from '../test/world/world.js';
import { readAheadOf } from './recorded-ahead.js';
import { checkedFirstOf } from './recorded-checked-first.js';
import { firstCommandsOf, rolloutWithGateOf } from './recorded-firsts.js';
import { ledgerOf } from './recorded-ledger.js';
import { lifecycleOf } from './recorded-lifecycle.js';
import { cancelledOf, heldListsOf, listsTogetherOf, sweepEndingsOf } from './recorded-sweeps.js';
import { takenBackOf } from './recorded-taken-back.js';

const directory = new URL('../test/replay/histories/', import.meta.url);

const withToken = specification({ provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } });

/** Workflows besides those of the federation, by the names of their files. */
type Recorded = Readonly<Record<string, string>>;

/** What the users of a federation go through while their histories are recorded. */
async function usersOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople({ users: { exempt: ['kept@acme.example'] } }));
  const users = new WorldUsers(world);
  const recorded: Record<string, string> = {};
  const profile = { firstName: 'New', lastName: 'Person', email: 'new@acme.example' };
  const nextYear = new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toISOString();
  const record = async (
    name: string,
    login: string,
    steps: (send: (kind: TransitionKind, said?: Said) => ReturnType<WorldUsers['carryOut']>) => Promise<unknown>,
  ) => {
    if (!login.startsWith('new')) await world.idpAdmin.addUser(login, testUserPassword);
    await steps((kind, said) => users.carryOut(kind, login, said));
    const workflowId = userWorkflowId(federationId, userKey(federationId, login));
    await world.client.workflow.getHandle(workflowId).result();
    recorded[name] = workflowId;
  };

  await record('onboard', 'onboard@acme.example', (send) => send('onboard'));
  await record('onboard-created-by-group', 'new@acme.example', (send) =>
    send('onboard', { profile, assignBy: 'group' }),
  );
  await record('dry-run', 'dry@acme.example', (send) => send('onboard', { dryRun: true }));
  for (const kind of ['update', 'suspend', 'offboard'] as const) {
    await record(kind, `${kind}@acme.example`, async (send) => {
      await send('onboard');
      await send(kind, kind === 'update' ? { profile: { lastName: 'Changed' } } : {});
    });
  }
  await record('resume', 'resume@acme.example', async (send) => {
    await send('onboard');
    await send('suspend');
    await send('resume');
  });
  await record('reactivate', 'reactivate@acme.example', async (send) => {
    await send('onboard');
    await send('offboard');
    await send('reactivate');
  });
  await record('login-changed', 'before@acme.example', async (send) => {
    await send('onboard');
    await send('update', { profile: { login: 'after@acme.example' } });
  });
  await record('offboard-with-gate', 'kept@acme.example', async (send) => {
    await send('onboard');
    const asked = await send('offboard');
    await users.answer('kept@acme.example', asked, 'proceed');
    await users.settled('kept@acme.example', asked.number);
  });
  await record('planned-and-cancelled', 'planned@acme.example', async (send) => {
    await users.send('onboard', 'planned@acme.example', { at: nextYear });
    await users.send('offboard', 'planned@acme.example', { at: nextYear });
    await send('onboard');
    const change = { number: 1, at: null, actor: operator };
    await users.users.replan(federationId, 'planned@acme.example', change);
  });
  await record('superseded', 'superseded@acme.example', async (send) => {
    const fault = world.sandbox.faults.add(
      FaultRequest.parse({ org: 'idp', kind: 'status', status: 503, count: null }),
    );
    await users.send('onboard', 'superseded@acme.example');
    const offboarded = users.carryOut('offboard', 'superseded@acme.example');
    world.sandbox.faults.remove(fault.id);
    await offboarded;
    await send('onboard', { dryRun: true });
  });
  return recorded;
}

/** What answers a caller at once: a diagnosis, and the login of a user known by id, while their histories are recorded. */
async function asksOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople());
  const id = await world.idpAdmin.addUser('asked@acme.example', testUserPassword);
  await new Diagnoses(world.client).diagnose(federationId, 'asked@acme.example');
  await new Users(world.client).loginOf(federationId, id);
  return {
    diagnosis: await onlyWorkflow(world, 'diagnosis'),
    'find-user-login': await onlyWorkflow(world, 'login'),
  };
}

/** What looks into both orgs at a federation that was made by hand, and the setup that takes it over. */
async function foundOf(world: World): Promise<Recorded> {
  await federateByHand(world.sandbox, HandMadeFederation.parse({}));
  await preflightOf(world);
  await pairsOf(world);
  const { operation } = await world.setUp(withoutPeople());
  await exported(world);
  return {
    preflight: await onlyWorkflow(world, 'preflight'),
    adoption: await onlyWorkflow(world, 'adoption'),
    export: await onlyWorkflow(world, 'export'),
    'adopting-setup': operation?.workflowId ?? '',
  };
}

/** The id of the one workflow of a kind, once Temporal lists it. */
async function onlyWorkflow({ client }: World, kind: string): Promise<string> {
  for (;;) {
    for await (const { workflowId } of client.workflow.list({ query: `${kindAttribute.name} = '${kind}'` })) {
      return workflowId;
    }
    await setTimeout(100);
  }
}

/** A batch and a rollout while their histories are recorded. */
async function manyOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople());
  const logins = ['one@acme.example', 'two@acme.example'];
  const ids: string[] = [];
  for (const login of logins) ids.push(await world.idpAdmin.addUser(login, testUserPassword));
  const groupId = await world.idpAdmin.addGroup('Rolled out', ids);
  const rollouts = new Rollouts(world.client);
  const command = { federationId, dryRun: false, reason: null, ticket: null, actor: operator, idempotencyKey: null };
  await rollouts.start({ ...command, group: { id: groupId } });
  await world.client.workflow.getHandle(rolloutWorkflowId(federationId, groupId)).result();
  const batchId = await recordedBatch(world, logins);
  return {
    rollout: rolloutWorkflowId(federationId, groupId),
    batch: batchWorkflowId(federationId, batchId),
    'batch-rows': batchRowsWorkflowId(federationId, batchId, 0),
  };
}

/** A batch of two rows, handed over as the API does. */
async function recordedBatch({ client }: World, logins: readonly string[]): Promise<string> {
  const id = 'recorded';
  const options = { onError: 'stop', dryRun: false, transition: 'onboard', inFlight: 1 } as const;
  const batches = new UserBatches(client);
  const upload = batches.upload({ id, federationId, options, actor: operator, abandonAfterMs: 60_000 });
  const rows = logins.map((login, index) => ({
    row: index + 1,
    line: index + 1,
    login,
    kind: 'onboard' as const,
    profile: null,
    assignBy: null,
    at: null,
    reason: null,
    ticket: null,
  }));
  await upload.add({ chunk: 0, digest: 'recorded', rows });
  await upload.seal();
  await client.workflow.getHandle(batchWorkflowId(federationId, id)).result();
  return id;
}

/** A sweep that finds nobody, and one that takes a leaver once another person has approved the list. */
async function sweepsOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople());
  const login = 'leaver@acme.example';
  const user = await world.idpAdmin.addUser(login, testUserPassword);
  await new WorldUsers(world).carryOut('onboard', login);
  const sweeps = new WorldSweeps(world);
  const report = await sweeps.carryOut({ mode: 'report' });
  const { apps, appUsers } = world.sandbox.idp.org;
  appUsers.get(apps.find(({ name }) => name === 'okta_org2org')?.id ?? '')?.delete(user);
  const { id, listDigest } = await sweeps.carryOut({ mode: 'enforce' });
  await sweeps.decide(id, 'approve', listDigest);
  const { state } = await sweeps.settled(id);
  if (state !== 'done') throw new Error(`the sweep ended as ${state}`);
  return {
    report: sweepWorkflowId(federationId, report.id),
    approved: sweepWorkflowId(federationId, id),
    'offboard-by-sweep': userWorkflowId(federationId, userKey(federationId, login)),
  };
}

/** What a schedule starts, and the drift check that the federation begins for it. */
async function scheduledOf(world: World): Promise<Recorded> {
  await world.setUp(withoutPeople());
  const schedule = { cron: '0 0 1 1 *', timeZone: 'UTC', paused: false, options: { policy: 'report', ignore: [] } };
  await new OperationSchedules(world.client, 'drift').put(federationId, schedule, operator);
  await world.client.schedule.getHandle(operationScheduleId(federationId, 'drift')).trigger();
  const scheduled = await onlyWorkflow(world, 'scheduled');
  await world.client.workflow.getHandle(scheduled).result();
  await new AgreedOperations(world).settled('drift');
  return { scheduled };
}

/** The watch over everything, over two looks. */
async function alarmsOf(world: World): Promise<Recorded> {
  await world.send('setup', withoutPeople({ assignments: { groups: ['Nobody knows it'] } }));
  await world.settled();
  const alarms = new Alarms(world.client);
  await alarms.watch();
  for (let first: string | null = null; ; await setTimeout(100)) {
    const lookedAt = (await patiently(() => alarms.list()))?.lookedAt ?? null;
    if (first !== null && lookedAt !== first) return { watch: alarmWatchWorkflowId };
    if (lookedAt === null) continue;
    first = lookedAt;
    await world.client.workflow.getHandle(alarmWatchWorkflowId).signal(lookAgainSignal);
  }
}

/** What a federation goes through while its histories are recorded. */
const cases: Record<string, (world: World) => Promise<Recorded | undefined>> = {
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
  async verified(world) {
    await world.setUp();
    await verify(world);
    const { known } = await world.federations.get(federationId);
    await world.spAdmin.post(`/api/v1/idps/${known.identityProviderId}/lifecycle/deactivate`);
    await world.spAdmin.post(`/oauth2/v1/clients/${known.serviceClientId}/roles`, { type: 'SUPER_ADMIN' });
    await checkDrift(world);
    await checkDrift(world, { policy: 'gate' });
    await world.answer('securityDrift', 'mend');
    await new AgreedOperations(world).settled('drift');
    await world.setUp();
  },
  async 'verified-by-token'(world) {
    await world.setUp(specification({ provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } }));
    await verify(world);
    const refused = { org: 'sp', operation: 'deactivateUser', from: 'provisioning', kind: 'status', status: 403 };
    world.sandbox.faults.add(FaultRequest.parse({ ...refused, count: null }));
    await verify(world);
    world.sandbox.faults.remove();
  },
  async 'drift-of-groups'(world) {
    await world.setUp(withoutPeople());
    const { known } = await world.federations.get(federationId);
    const group = await world.idpAdmin.addGroup('Contractors', []);
    const assignment = `/api/v1/apps/${known.org2orgAppId}/groups/${group}`;
    await world.idpAdmin.put(assignment, {});
    await checkDrift(world, { policy: 'mend' });
    await world.idpAdmin.delete(assignment);
    await world.answer('securityDrift', 'mend');
    await new AgreedOperations(world).settled('drift');
  },
  async drifted(world) {
    await world.setUp(withoutPeople());
    const { known } = await world.federations.get(federationId);
    const app = `/api/v1/apps/${known.org2orgAppId}`;
    const key = await world.idpAdmin.post(`${app}/credentials/keys/generate?validityYears=2`);
    await edit(world.idpAdmin, app, { 'credentials.signing.kid': z.object({ kid: z.string() }).parse(key).kid });
    await checkDrift(world, { policy: 'gate' });
    await world.answer('securityDrift', 'mend');
    await new AgreedOperations(world).settled('drift');
  },
  users: usersOf,
  'first-commands': firstCommandsOf,
  rollouts: rolloutWithGateOf,
  asks: asksOf,
  found: foundOf,
  many: manyOf,
  sweeps: sweepsOf,
  'sweep-endings': sweepEndingsOf,
  'sweep-lists': heldListsOf,
  'sweep-lists-together': listsTogetherOf,
  'sweep-cancelled': cancelledOf,
  alarms: alarmsOf,
  ledger: ledgerOf,
  lifecycle: lifecycleOf,
  schedules: scheduledOf,
  'checked-first': checkedFirstOf,
  'taken-back': takenBackOf,
  'read-ahead': readAheadOf,
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

/** The workflows of the federation and of its operations. */
async function federationWorkflows(name: string, world: World): Promise<Recorded> {
  const { operations, state, lastPlan } = await world.federations.get(federationId);
  if (state !== 'ready' && lastPlan?.outcome !== 'done') throw new Error(`${name} ended as ${state}`);
  const prefix = federationWorkflowId(federationId);
  return Object.fromEntries(
    [prefix, ...operations.map(({ workflowId }) => workflowId)].map((workflowId) => [
      workflowId.slice(prefix.length + 1).replace('/', '-') || 'federation',
      workflowId,
    ]),
  );
}

async function record(name: string, world: World, workflows: Recorded): Promise<void> {
  await mkdir(new URL(`${name}/`, directory), { recursive: true });
  for (const [file, workflowId] of Object.entries(workflows)) {
    const history = historyToJSON(await world.client.workflow.getHandle(workflowId).fetchHistory());
    assertNoSecret(history, world);
    const text = concise(history);
    await writeFile(new URL(`${name}/${file}.json`, directory), text);
    process.stdout.write(`${name}/${file}: ${Math.round(text.length / 1024)} KB\n`);
  }
}

/** Names of cases on the command line; all of them where none is given. */
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(cases);

const temporal = await startOwnTemporal();
try {
  for (const [name, run] of Object.entries(cases).filter(([each]) => wanted.includes(each))) {
    await rm(new URL(`${name}/`, directory), { recursive: true, force: true });
    const world = await temporal.startWorld();
    try {
      const workflows = (await run(world)) ?? (await federationWorkflows(name, world));
      await record(name, world, workflows);
    } finally {
      await world.stop();
    }
  }
} finally {
  await temporal.stop();
}
