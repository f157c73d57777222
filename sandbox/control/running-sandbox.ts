import type { RateLimiter } from '../access/rate-limiter.js';
import type { Org } from '../core/org.js';
import type { EventHookDelivery } from '../event-hooks/event-hooks.js';
import type { Provisioning } from '../provisioning/provisioning.js';
import type { FaultBook } from './faults.js';
import type { Observation } from './observation.js';
import type { RequestLog } from './request-log.js';

/** One of the two orgs while it runs. */
export interface RunningOrg {
  readonly name: 'idp' | 'sp';
  readonly url: string;
  /** API token of the super administrator `admin@{name}.example`. */
  readonly token: string;
  readonly org: Org;
  readonly limiter: RateLimiter;
  readonly observation: Observation;
  readonly eventHooks: EventHookDelivery;
  readonly provisioning: Provisioning;
}

/** What the control server works on. */
export interface RunningSandbox {
  readonly idp: RunningOrg;
  readonly sp: RunningOrg;
  readonly targetApp: { readonly url: string };
  readonly requests: RequestLog;
  readonly faults: FaultBook;
  /** Resolves when no background work is queued or running in either org. */
  idle(): Promise<void>;
}

/** Both orgs, or the one with this name. */
export function orgsOf(sandbox: RunningSandbox, name?: 'idp' | 'sp'): readonly RunningOrg[] {
  return name === undefined ? [sandbox.idp, sandbox.sp] : [sandbox[name]];
}
