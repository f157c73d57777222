import { onTestFinished } from 'vitest';
import type { OrgAuth } from '../../../src/config/org-registry.js';
import type { Secrets } from '../../../src/config/secrets.js';
import { type OktaOrg, openOrg } from '../../../src/okta/org.js';
import type { ObservedAnswer } from '../../../src/okta/request-executor.js';
import type { OktaSession } from '../../../src/okta/session.js';

export interface OpenOptions {
  readonly name?: string;
  readonly auth?: OrgAuth;
  readonly secrets?: Secrets;
  readonly requestTimeoutMs?: number;
  readonly onAnswer?: (answer: ObservedAnswer) => void;
}

/** Opens the org at a URL with the API token `token-of-{name}` unless told otherwise; closed when the test ends. */
export function openTestOrg(url: string, options: OpenOptions = {}): OktaOrg {
  const { name = 'acme', auth = { apiToken: 'env:TOKEN' }, requestTimeoutMs = 15_000, onAnswer } = options;
  const secrets = options.secrets ?? (async (_reference, org) => `token-of-${org}`);
  const org = openOrg({ name, url, auth, requestTimeoutMs }, secrets, onAnswer === undefined ? {} : { onAnswer });
  onTestFinished(() => org.close());
  return org;
}

export function openTestSession(url: string, options: OpenOptions = {}): OktaSession {
  return openTestOrg(url, options).session();
}
