import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { inConsole } from '../../sandbox/control/console.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.js';
import { Federations } from '../../src/api/federations.js';
import type { FederationAnswer } from '../../src/api/schemas/federation.js';
import type { AlarmSettings } from '../../src/config/alarm-settings.js';
import type { OrgConfig } from '../../src/config/org-registry.js';
import { Org2OrgError } from '../../src/domain/errors.js';
import type { OperationAccepted, SpecifiedKind } from '../../src/domain/federation.js';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import type { Actor } from '../../src/domain/gate.js';
import { normalizeFederationSpec } from '../../src/domain/normalize-federation-spec.js';
import { type Ledger, openLedger } from '../../src/ledger/ledger.js';
import { createWorkers, type Workers } from '../../src/worker/create-workers.js';
import type { WorkflowBundle } from '../../src/worker/workflow-bundle.js';
import { OktaAdmin } from './okta-admin.js';

export const operator: Actor = { name: 'test-operator', roles: ['operator'] };

/** A password that tests search for where no secret may be. */
export const testUserPassword = 'Planted-Password-4711';

const testUserLogin = 'ada@acme.example';

/** Another address of the SP org, which both registries know. Nothing answers there. */
export const customDomain = 'https://login.partner.example';

/** Two sandbox orgs with people in the IdP org, workers for both, and the API's way to the workflows. */
export interface World {
  readonly sandbox: Sandbox;
  readonly client: Client;
  readonly federations: Federations;
  /** Of this world alone; opened when somebody asks it. */
  readonly ledger: Ledger;
  readonly idpAdmin: OktaAdmin;
  readonly spAdmin: OktaAdmin;
  /** The secrets that references lead to; tests add and remove some. */
  readonly secrets: Map<string, string>;
  /** References that a worker has resolved. */
  readonly resolved: ReadonlySet<string>;
  /** What the workers' registry holds; tests change it before workers start. */
  readonly orgs: Map<string, OrgConfig>;
  /** Sends a command and returns what was accepted. */
  send(kind: SpecifiedKind, document?: Record<string, unknown>, idempotencyKey?: string): Promise<OperationAccepted>;
  /** Waits until the operation has ended, or stands at a gate or waits where the test says that it counts as settled. */
  settled(settles?: (answer: FederationAnswer) => boolean): Promise<FederationAnswer>;
  /** Sends a setup and waits for its end, answering the gate of the target app's console on the way. */
  setUp(document?: Record<string, unknown>): Promise<FederationAnswer>;
  /** Answers a gate as the operator. */
  answer(gate: string, choice: string): Promise<void>;
  /** What a person does for the gate `targetAppConsole`. */
  completeTargetAppConsole(): Promise<void>;
  /** Writing calls of the product since the log was last cleared. */
  writes(): readonly { readonly org: string; readonly operation: string | null }[];
  /** @param alarms when alarms are raised and who is told; the usual settings where absent. */
  startWorkers(alarms?: AlarmSettings): Promise<void>;
  stopWorkers(): Promise<void>;
  stop(): Promise<void>;
}

/** The specification of the tests: a group of the IdP org, a test user, the Dropbox-like target app. */
export function specification(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    idp: 'acme',
    sp: 'partner',
    assignments: { groups: ['Partner users'] },
    signOn: { testUser: { login: testUserLogin, password: 'env:TEST_USER_PASSWORD' } },
    ...overrides,
  };
}

/** A specification without human work and without a sign-on: for tests of everything in between. */
export function withoutPeople(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return specification({ targetApp: { consoleWork: false }, signOn: {}, ...overrides });
}

export const federationId = 'acme-to-partner';

/** Less than the limit of any hook that waits for a killed worker's work, which would not tell what was waited for. */
export const patienceMs = 8 * 60_000;

/** Asks again while Temporal, or every worker, is away: what a client of the API does on 503. Not for ever. */
export async function patiently<Result>(ask: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof Org2OrgError && error.code === 'O2O_TEMPORAL_UNAVAILABLE';
      if (!isAway || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Where the workflows of a world run. */
export interface WorldTemporal {
  /** Of a namespace that no other world uses. */
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly workflowBundle: WorkflowBundle;
  /** An empty ledger, which the world closes at its end; embedded where none is given. */
  readonly ledger?: Ledger;
}

/** Starts the sandbox, puts people into the IdP org and makes ready whatever runs the workflows; workers start apart. */
export async function openWorld(
  { client, connection, workflowBundle, ledger = openLedger('embedded:') }: WorldTemporal,
  options: SandboxOptions = {},
): Promise<World> {
  const sandbox = await startSandbox(options);
  const idpAdmin = new OktaAdmin(sandbox.idp.url, sandbox.idp.token);
  const spAdmin = new OktaAdmin(sandbox.sp.url, sandbox.sp.token);
  const ada = await idpAdmin.addUser(testUserLogin, testUserPassword);
  const grace = await idpAdmin.addUser('grace@acme.example', testUserPassword);
  await idpAdmin.addGroup('Partner users', [ada, grace]);
  sandbox.requests.clear();

  const federations = new Federations(client, null);
  const secrets = new Map([
    ['env:ACME_TOKEN', sandbox.idp.token],
    ['env:PARTNER_TOKEN', sandbox.sp.token],
    ['env:TEST_USER_PASSWORD', testUserPassword],
  ]);
  const org = (name: string, url: string, apiToken: string, rest: Partial<OrgConfig>): [string, OrgConfig] => [
    name,
    { name, url, alsoAt: [], auth: { apiToken }, specificationSecrets: [], requestTimeoutMs: 5_000, ...rest },
  ];
  const orgs = new Map([
    org('acme', sandbox.idp.url, 'env:ACME_TOKEN', {
      specificationSecrets: ['env:ORG2ORG_TOKEN', 'env:PARTNER_TOKEN', 'env:TEST_USER_PASSWORD'],
    }),
    org('partner', sandbox.sp.url, 'env:PARTNER_TOKEN', { alsoAt: [customDomain] }),
  ]);
  const registry = Object.fromEntries(orgs);
  const resolved = new Set<string>();
  let running: { workers: Workers; ended: Promise<void> } | null = null;

  const world: World = {
    sandbox,
    client,
    federations,
    ledger,
    idpAdmin,
    spAdmin,
    secrets,
    resolved,
    orgs,
    async send(kind, document = specification(), idempotencyKey) {
      const normalized = normalizeFederationSpec(FederationSpecDocument.parse(document), registry);
      return patiently(() =>
        federations.start(kind, {
          federationId,
          ...normalized,
          actor: operator,
          idempotencyKey: idempotencyKey ?? null,
        }),
      );
    },
    async settled(settles = () => false) {
      for (;;) {
        const answer = await patiently(() => federations.get(federationId));
        // The operation may have ended a moment before the federation knows it.
        const ended = answer.operation?.outcome != null && answer.state !== 'settingUp';
        if (ended || settles(answer)) return answer;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async setUp(document) {
      await world.send('setup', document);
      let answer = await world.settled((found) => found.gates.length > 0);
      while (answer.gates.some((gate) => gate.name === 'targetAppConsole')) {
        await world.completeTargetAppConsole();
        await world.answer('targetAppConsole', 'done');
        answer = await world.settled((found) => found.gates.length > 0);
      }
      return answer;
    },
    async answer(gate, choice) {
      const key = randomUUID();
      await patiently(() =>
        federations.answerGate(federationId, { gate, choice, why: 'it is so', actor: operator }, key),
      );
    },
    async completeTargetAppConsole() {
      const { known, steps } = await patiently(() => federations.get(federationId));
      const appId = known.targetAppId ?? steps.find((step) => step.name === 'targetApp')?.assessment?.id;
      if (appId == null) throw new Error('there is no target app yet');
      await inConsole(sandbox, { action: 'completeTargetAppConsole', org: 'sp', appId });
    },
    writes: () =>
      sandbox.requestsTo(undefined, { write: true }).map(({ org: name, operation }) => ({ org: name, operation })),
    async startWorkers(alarms) {
      const workers = await createWorkers({
        ...(alarms === undefined ? {} : { alarms }),
        ledger,
        connection,
        namespace: client.options.namespace,
        workflowBundle,
        orgs,
        secrets: async (reference, name) => {
          resolved.add(reference);
          const secret = secrets.get(reference);
          if (secret === undefined) throw new Org2OrgError('O2O_SECRET_MISSING', { reference, org: name });
          return secret;
        },
      });
      running = { workers, ended: workers.run() };
    },
    async stopWorkers() {
      running?.workers.shutdown();
      await running?.ended;
      running = null;
    },
    async stop() {
      await world.stopWorkers();
      await sandbox.stop();
      await ledger.close();
    },
  };
  return world;
}
