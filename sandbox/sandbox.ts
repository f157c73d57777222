import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { installAccess } from './access/access.js';
import { RateLimiter, type RateLimitSettings } from './access/rate-limiter.js';
import { createControlServer } from './control/control-server.js';
import { type Exchange, observeExchanges } from './control/exchanges.js';
import { FaultBook } from './control/faults.js';
import { installObservation, type Observation } from './control/observation.js';
import { type LoggedRequest, type RequestFilter, RequestLog } from './control/request-log.js';
import type { RunningOrg, RunningSandbox } from './control/running-sandbox.js';
import type { Org } from './core/org.js';
import { createOrgServer } from './core/server.js';
import { EventHookDelivery } from './event-hooks/event-hooks.js';
import { installManagement } from './management/management.js';
import { newOrg } from './management/new-org.js';
import { installProvisioning, type Provisioning } from './provisioning/provisioning.js';
import { TargetAppProvisioning } from './provisioning/target-app-provisioning.js';
import { samlPlugin } from './saml/plugin.js';
import { startTargetApp, type TargetApp } from './target-app/target-app.js';

/** What kind of org it is. */
export interface OrgStart {
  /** `idx` (Identity Engine) where absent. */
  readonly edition?: 'idx' | 'v1';
  /** `enterprise` where absent; an `integrator` org has no Org2Org app and low limits. */
  readonly plan?: 'enterprise' | 'integrator';
}

export interface SandboxOptions {
  readonly idp?: OrgStart;
  readonly sp?: OrgStart;
  /** Ports on 127.0.0.1; any free port where absent or 0. */
  readonly ports?: {
    readonly idp?: number;
    readonly sp?: number;
    readonly control?: number;
    readonly targetApp?: number;
  };
  /** A connection's credentials pass without a look, as replays of recordings need. */
  readonly openConnections?: boolean;
  /** Okta's limits times 100 where absent, so that tests meet none by accident. */
  readonly rateLimits?: Partial<RateLimitSettings>;
  /** Is shown every request to an org with the org's answer. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** A sandbox that runs: two orgs, a target app and the control server. */
export interface Sandbox extends RunningSandbox {
  readonly control: { readonly url: string };
  readonly targetApp: TargetApp;
  /** The requests to one org or both, oldest first. Those of clients only, unless the filter says otherwise. */
  requestsTo(org?: 'idp' | 'sp', filter?: Omit<RequestFilter, 'org'>): readonly LoggedRequest[];
  /** Ends everything. */
  stop(): Promise<void>;
}

/** Rate limits where nobody says otherwise. */
const defaultRateLimits: Partial<RateLimitSettings> = { factor: 100 };

/** Starts the two orgs, empty but for an administrator, with the target app and the control server, on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const requests = new RequestLog();
  const faults = new FaultBook();
  const ports = options.ports ?? {};
  const targetApp = await startTargetApp({ port: ports.targetApp ?? 0 });
  const servers: FastifyInstance[] = [];

  const start = async (name: 'idp' | 'sp'): Promise<RunningOrg> => {
    const { org, token } = newOrg({ name, ...options[name] });
    org.settings.openConnections = options.openConnections ?? false;
    org.targetAppUrl = targetApp.url;
    const limiter = new RateLimiter(org.plan, () => org.clock.now(), { ...defaultRateLimits, ...options.rateLimits });
    const observation: Observation = { log: requests, faults, latencyMs: 0 };
    const eventHooks = new EventHookDelivery(org);
    const parts = await serve(org, limiter, observation, ports[name] ?? 0, options.onExchange);
    new TargetAppProvisioning(org, targetApp.url);
    servers.push(parts.server);
    return { name, url: org.url, token, org, limiter, observation, eventHooks, provisioning: parts.provisioning };
  };

  const idp = await start('idp');
  const sp = await start('sp');
  const idle = () => untilIdle([idp.org, sp.org]);
  const running: RunningSandbox = { idp, sp, targetApp, requests, faults, idle };
  const controlServer = createControlServer(running);
  servers.push(controlServer);
  const control = { url: await listen(controlServer, ports.control ?? 0) };
  return {
    ...running,
    targetApp,
    control,
    requestsTo: (org, filter) => requests.list({ from: 'client', ...filter, org }),
    stop: async () => {
      for (const { org } of [idp, sp]) org.background.stop();
      await Promise.all([...servers.map((server) => server.close()), targetApp.stop()]);
    },
  };
}

async function serve(
  org: Org,
  limiter: RateLimiter,
  observation: Observation,
  port: number,
  onExchange: SandboxOptions['onExchange'],
): Promise<{ server: FastifyInstance; provisioning: Provisioning }> {
  let provisioning: Provisioning | undefined;
  const server = await createOrgServer(org, [
    (instance) => {
      if (onExchange !== undefined) observeExchanges(instance, org, onExchange);
    },
    (instance) => installObservation(instance, org, observation),
    (instance) => installAccess(instance, org, limiter),
    (instance) => {
      provisioning = installProvisioning(instance, org);
    },
    installManagement,
    samlPlugin,
  ]);
  org.url = await listen(server, port);
  if (provisioning === undefined) throw new Error('The parts of an org were not installed.');
  return { server, provisioning };
}

async function listen(server: FastifyInstance, port: number): Promise<string> {
  await server.listen({ host: '127.0.0.1', port });
  const address: AddressInfo | string | null = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return `http://127.0.0.1:${address.port}`;
}

/** Work in one org makes work in the other: waits until both have none. */
async function untilIdle(orgs: readonly Org[]): Promise<void> {
  while (orgs.some((org) => org.background.pending > 0)) {
    await Promise.all(orgs.map((org) => org.background.idle()));
  }
}
