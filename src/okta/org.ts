import type { OrgAccess, OrgAuth } from '../config/org-registry.js';
import type { Secrets } from '../config/secrets.js';
import { Org2OrgError } from '../domain/errors.js';
import type { SeenAccess } from '../domain/least-privilege.js';
import { usualRateShare } from '../domain/rate-share.js';
import { createClient } from './client.js';
import { Connection } from './connection.js';
import { openNetwork } from './network.js';
import { OrgSession } from './org-session.js';
import { RateGovernor, type RateObserver } from './rate-governor.js';
import type { RatePriority } from './rate-plan.js';
import { type ObservedAnswer, OktaRequestExecutor } from './request-executor.js';
import type { OktaSession } from './session.js';

/** One org that this worker can talk to. Signs in at the first call and keeps its access token for all sessions. */
export interface OktaOrg {
  readonly name: string;
  readonly url: string;
  /** How it is signed in. */
  readonly access: SeenAccess;
  /** Of the limits that Okta's headers show, how much is used from here. */
  readonly rateShare: number;
  /** The same org, whose service app asks for these scopes only; null where an API token signs in. */
  withScopes(scopes: readonly string[]): OktaOrg | null;
  /**
   * The requests of one activity. `signal` ends them when the activity is cancelled; `priority` says whose requests go
   * first while the org's budget is short, interactive where absent.
   */
  session(options?: { signal?: AbortSignal; priority?: RatePriority }): OktaSession;
  /** Closes the connections that are kept open. */
  close(): void;
}

/**
 * Opens an org. Nothing is read or sent before the first call.
 *
 * @throws Org2OrgError `O2O_CONFIG_INVALID` if the registry has no credentials for it.
 */
export function openOrg(
  config: OrgAccess,
  secrets: Secrets,
  options: { onAnswer?: (answer: ObservedAnswer) => void; rateObserver?: RateObserver } = {},
): OktaOrg {
  const { auth } = config;
  if (auth === null) {
    throw new Org2OrgError('O2O_CONFIG_INVALID', {
      file: 'of this worker',
      detail: `/orgs/${config.name}/auth is missing; a worker needs it for every org that it serves`,
    });
  }
  const rateShare = config.rate?.share ?? usualRateShare;
  const network = openNetwork(config.requestTimeoutMs);
  const executor = new OktaRequestExecutor({
    org: config.name,
    requestTimeoutMs: config.requestTimeoutMs,
    network,
    governor: new RateGovernor(config.name, rateShare, options.rateObserver),
    scopes: 'privateKey' in auth ? auth.privateKey.scopes : [],
    onAnswer: options.onAnswer,
  });
  const connection = new Connection(config, executor, () => createClient(config, auth, secrets, executor));
  return {
    name: config.name,
    url: config.url,
    access: shownAccess(auth),
    rateShare,
    withScopes: (scopes) =>
      'privateKey' in auth
        ? openOrg({ ...config, auth: { privateKey: { ...auth.privateKey, scopes: [...scopes] } } }, secrets)
        : null,
    session: ({ signal, priority = 'interactive' } = {}) => new OrgSession(connection, signal, priority),
    close: () => void network.close(),
  };
}

function shownAccess(auth: OrgAuth): SeenAccess {
  if ('apiToken' in auth) return { kind: 'apiToken' };
  const { clientId, scopes } = auth.privateKey;
  return { kind: 'serviceApp', clientId, scopes };
}
