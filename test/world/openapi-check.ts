import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type OpenApi, readOpenApi } from '../../sandbox/conformance/openapi.js';
import { sharedDirectory } from '../../sandbox/conformance/recordings.js';
import type { Exchange } from '../../sandbox/control/exchanges.js';
import type { Org } from '../../sandbox/core/org.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.js';
import { report } from '../setup/violations.js';

/** What the product signs its requests with; other clients of the sandbox are the tests themselves. */
const productAgent = /\borg2org\b/;

/** Okta's API description has the Management API only. */
const describedPaths = /^\/api\/v1\/(?!authn\b|sessions\b)/;

const ErrorBody = z.object({ errorCode: z.string() });
const ErrorCatalogue = z.object({ errors: z.array(z.object({ errorCode: z.string() })) });

interface Evidence {
  readonly openApi: OpenApi;
  readonly errorCodes: ReadonlySet<string>;
  readonly eventTypes: ReadonlySet<string>;
}

/** Read once per process; null where it is not beside the project. */
let evidence: Evidence | null | undefined;

function theEvidence(): Evidence | null {
  if (evidence === undefined) {
    evidence = readEvidence();
    if (evidence === null) process.stderr.write('Not checked against Okta: its API description is not at hand.\n');
  }
  return evidence;
}

function readEvidence(): Evidence | null {
  const openApi = readOpenApi();
  const folder = path.join(sharedDirectory(), 'okta-data/catalogue');
  if (openApi === undefined || !existsSync(folder)) return null;
  const errors: unknown = JSON.parse(readFileSync(path.join(folder, 'error-codes.json'), 'utf8'));
  const events = readFileSync(path.join(folder, 'event-types.csv'), 'utf8').split('\n');
  return {
    openApi,
    errorCodes: new Set(ErrorCatalogue.parse(errors).errors.map(({ errorCode }) => errorCode)),
    eventTypes: new Set(events.map((line) => line.split('"')[1] ?? '')),
  };
}

/**
 * What of an exchange contradicts Okta's API description or catalogue of errors: the answer of the sandbox, and the
 * request if the product sent it.
 */
export function violationsOf(exchange: Exchange): readonly string[] {
  const found = theEvidence();
  return found === null ? [] : [...requestViolations(found, exchange), ...answerViolations(found, exchange)];
}

/** Lets the test that is running fail if an exchange contradicts Okta. */
export function checkExchange(exchange: Exchange): void {
  const { org, method, path: address, status } = exchange;
  for (const violation of violationsOf(exchange)) report(`${org} ${method} ${address} ${status}: ${violation}`);
}

function requestViolations({ openApi }: Evidence, exchange: Exchange): string[] {
  const { from, userAgent, method, path: address, requestBody, carriedOut } = exchange;
  if (from !== 'client' || !productAgent.test(userAgent) || !describedPaths.test(address)) return [];
  if (openApi.operationOf(method, address) === undefined) return ['the product asks for what Okta does not describe'];
  return [
    ...openApi.checkQuery(method, address),
    ...(carriedOut ? openApi.checkRequest(method, address, requestBody) : []),
  ];
}

function answerViolations({ openApi, errorCodes }: Evidence, exchange: Exchange) {
  const { method, path: address, status, answer, carriedOut } = exchange;
  const body = answer === null ? undefined : parsed(answer);
  const ofFault = !carriedOut && typeof body === 'string';
  if (ofFault) return [];
  const code = ErrorBody.safeParse(body).data?.errorCode;
  return [
    ...openApi.checkResponse(method, address, status, body),
    ...(code === undefined || errorCodes.has(code) ? [] : [`${code} is no error code of Okta`]),
  ];
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** Lets tests fail during which an org writes an event that is not in Okta's catalogue. */
export function checkEvents(org: Org): void {
  const check = ({ eventType }: { readonly eventType: string }) => {
    const known = theEvidence()?.eventTypes.has(eventType) ?? true;
    if (!known) report(`${org.name}: ${eventType} is no event type of Okta`);
  };
  for (const event of org.log.all()) check(event);
  org.log.onEvent(check);
}

/** Starts a sandbox all of whose exchanges and events are checked. */
export async function startCheckedSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ ...options, onExchange: checkExchange });
  checkEvents(sandbox.idp.org);
  checkEvents(sandbox.sp.org);
  return sandbox;
}
