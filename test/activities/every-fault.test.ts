import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, FaultRequest } from '../../sandbox/control/faults.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { type ErrorCode, Org2OrgError } from '../../src/domain/errors.js';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { OktaAdmin } from '../world/okta-admin.js';
import { DirectSetup, type DirectStep, directSteps, startPeopledSandbox } from './direct-setup.js';

/** Time limit of a request, low only where an answer is to exceed it: the machine may be busy. */
const shortMs = 400;
const longMs = 20_000;

/** Every way in which an org can fail, and the error of the catalogue in which it ends; null: it is survived. */
const faults: readonly (readonly [string, Record<string, unknown>, ErrorCode | null])[] = [
  ['status 500', { kind: 'status', status: 500 }, 'O2O_OKTA_SERVER_ERROR'],
  ['status 502', { kind: 'status', status: 502 }, 'O2O_OKTA_SERVER_ERROR'],
  ['status 503', { kind: 'status', status: 503 }, 'O2O_OKTA_SERVER_ERROR'],
  ['read-only mode', { kind: 'readOnly' }, 'O2O_OKTA_READ_ONLY'],
  ['429 by rate', { kind: 'rateLimit', resetSeconds: 7 }, 'O2O_OKTA_RATE_LIMITED'],
  ['429 by concurrency', { kind: 'concurrencyLimit' }, 'O2O_OKTA_RATE_LIMITED'],
  ['an answer after the time limit', { kind: 'slow', delayMs: 1.4 * shortMs }, 'O2O_OKTA_TIMEOUT'],
  ['a connection reset before the work', { kind: 'resetBefore' }, 'O2O_OKTA_UNREACHABLE'],
  ['a connection reset after the work', { kind: 'resetAfter' }, 'O2O_OKTA_UNREACHABLE'],
  ['half of the JSON', { kind: 'truncatedJson' }, 'O2O_OKTA_ANSWER_INVALID'],
  ['HTML with status 200', { kind: 'html', status: 200 }, 'O2O_OKTA_ANSWER_INVALID'],
  ['HTML with status 502', { kind: 'html', status: 502 }, 'O2O_OKTA_SERVER_ERROR'],
  ['an empty page', { kind: 'emptyPage' }, null],
  ['a list that ends early', { kind: 'endEarly' }, null],
];

/** An operation of one step of the setup. */
interface Call {
  readonly step: DirectStep;
  readonly org: 'idp' | 'sp';
  readonly operation: string;
  readonly write: boolean;
}

/** What became of a fault in a call. */
interface Outcome {
  readonly call: Call;
  readonly hits: number;
  readonly error: unknown;
}

/** Calls that are not made once an earlier write was carried out and its answer lost: the next look has found it. */
const madeNeedless = new Set([
  'targetApp getApplication',
  'org2orgApp getApplication',
  'trustedCertificate getIdentityProviderKey',
  'identityProvider getIdentityProvider',
  'assignments assignUserToApplication',
]);

/** The operations that each step uses, as a setup without faults shows them. */
async function callsOfSetup(): Promise<Call[]> {
  const sandbox = await startPeopledSandbox();
  const setup = new DirectSetup(sandbox, longMs);
  const calls: Call[] = [];
  for (const step of directSteps) {
    sandbox.requests.clear();
    await setup.run(step);
    const seen = new Map<string, Call>();
    for (const { org, operation, write } of sandbox.requestsTo()) {
      if (operation !== null && (org === 'idp' || org === 'sp'))
        seen.set(`${org} ${operation}`, { step, org, operation, write });
    }
    calls.push(...seen.values());
  }
  setup.close();
  await sandbox.stop();
  return calls;
}

const calls = await callsOfSetup();

describe.each(faults)('%s', (_, fault, code) => {
  let sandbox: Sandbox;
  let setup: DirectSetup;
  const outcomes: Outcome[] = [];

  /** Runs each step until it succeeds, with the fault waiting at the first request of each of its operations. */
  beforeAll(async () => {
    sandbox = await startPeopledSandbox();
    setup = new DirectSetup(sandbox, fault.kind === 'slow' ? shortMs : longMs);
    for (const step of directSteps) {
      const ofStep = calls.filter((call) => call.step === step);
      outcomes.push(...(await withFaults(step, ofStep)));
    }
  }, 120_000);

  afterAll(async () => {
    setup.close();
    await sandbox.stop();
  });

  /** Whether the fault can happen to the call. */
  function isHit({ step, operation, write }: Call): boolean {
    switch (fault.kind) {
      case 'readOnly':
        return write;
      case 'emptyPage':
      case 'endEarly':
        return operation.startsWith('list');
      case 'slow':
      case 'resetAfter':
      case 'truncatedJson':
        return !madeNeedless.has(`${step.name} ${operation}`);
      default:
        return true;
    }
  }

  /** An answer without a body cannot lose half of it; the sign-on has a longer time limit of its own. */
  function isSurvived(operation: string): boolean {
    return (
      (fault.kind === 'truncatedJson' && operation === 'assignUserToGroup') ||
      (fault.kind === 'slow' && operation === 'authn')
    );
  }

  async function withFaults(step: DirectStep, ofStep: readonly Call[]): Promise<Outcome[]> {
    const added = ofStep.map(
      ({ org, operation }): Fault => sandbox.faults.add(FaultRequest.parse({ ...fault, org, operation })),
    );
    const errors = new Map<Fault, unknown>();
    for (;;) {
      const before = added.map(({ hits }) => hits);
      try {
        await setup.run(step);
        break;
      } catch (error) {
        const hit = added.findLast(({ hits }, index) => hits > (before[index] ?? 0));
        if (fault.kind === 'slow' && error instanceof Org2OrgError) await wait(error.retryAfterMs ?? 0);
        else if (hit === undefined) throw error;
        if (hit !== undefined) errors.set(hit, error);
        // The governor would hold back what comes next until the reset time; its own tests show that.
        if (fault.kind === 'rateLimit') setup.reopen();
      }
    }
    sandbox.faults.remove();
    return added.flatMap((one, index) => {
      const call = ofStep[index];
      return call === undefined ? [] : [{ call, hits: one.hits, error: errors.get(one) ?? null }];
    });
  }

  it.each(calls.filter(isHit).map((call) => [call.step.name, call.org, call.operation] as const))(
    'in %s: %s %s: ends in an error that says so and can be tried again, or is survived',
    (step, org, operation) => {
      const outcome = outcomes.find(
        ({ call }) => call.step.name === step && call.org === org && call.operation === operation,
      );
      expect(outcome?.hits).toBe(1);
      if (code === null || isSurvived(operation)) expect(outcome?.error).toBeNull();
      else expect(outcome?.error).toMatchObject({ code, problem: { retryable: true } });
    },
  );

  it('leaves one object of each kind', async () => {
    const idpAdmin = new OktaAdmin(sandbox.idp.url, sandbox.idp.token);
    const spAdmin = new OktaAdmin(sandbox.sp.url, sandbox.sp.token);
    expect(await objectCounts({ idpAdmin, spAdmin })).toEqual(oneOfEach);
  });

  it('leaves nothing to do', async () => {
    sandbox.requests.clear();
    for (const step of directSteps) await setup.run(step);
    expect(sandbox.requestsTo(undefined, { write: true })).toEqual([]);
  });
});
