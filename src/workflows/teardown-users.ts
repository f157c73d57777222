import { ParentClosePolicy, proxyActivities, startChild, uuid4 } from '@temporalio/workflow';
import type { FederationEndActivities } from '../activities/federation-end-activities.js';
import type { Check } from '../domain/check.js';
import { problem } from '../domain/errors.js';
import type { SweepRecord } from '../domain/sweep.js';
import type { TeardownOptions } from '../domain/teardown.js';
import { deactivationSweep } from './deactivation-sweep.js';
import { federationAttribute, kindAttribute, priorities, stateAttribute, sweepWorkflowId } from './messages.js';
import type { Operation } from './operation.js';
import { Stopped } from './problems.js';

const { sweepOfTeardown } = proxyActivities<FederationEndActivities>({ startToCloseTimeout: '30 seconds' });

/**
 * Keeps the users as they are, or has a sweep suspend or deactivate all of them: it reads everyone, asks another person,
 * looks afresh at each and reads back.
 *
 * @throws Stopped if anybody is left
 */
export async function teardownUsers(operation: Operation, options: TeardownOptions): Promise<void> {
  const { federationId, startedBy } = operation.input;
  const { users } = options;
  if (users === 'keep') return operation.changeStep('users', { checks: [kept(operation)], state: 'skipped' });
  const id = `teardown-${uuid4().slice(0, 8)}`;
  const spec = await operation.attempt('users', 'org2org', () => sweepOfTeardown(federationId, options));
  const tell = (result: Check['result'], detail: string) =>
    operation.changeStep('users', { checks: [sweepCheck(id, users, result, detail)] });
  tell('unknown', 'it reads both orgs, then waits for the approval of another person');
  const actor = { name: startedBy, roles: [] };
  const sweep = await startChild(deactivationSweep, {
    workflowId: sweepWorkflowId(federationId, id),
    args: [{ federationId, spec, trigger: 'request', actor, federationEnds: users, carried: null }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    typedSearchAttributes: [
      { key: federationAttribute, value: federationId },
      { key: kindAttribute, value: 'sweep' },
      { key: stateAttribute, value: 'running' },
    ],
    staticSummary: `Sweep of federation ${federationId}, which ends`,
    priority: { priorityKey: priorities.sweep },
  });
  const record = await sweep.result();
  const { done, withdrawn, failed, notDone, listed } = record.actions;
  const detail = `${record.state}: ${done} of ${listed} done, ${withdrawn} withdrawn, ${failed} failed, ${notDone} not done`;
  const complete = record.state === 'done' && failed + notDone + withdrawn === 0;
  tell(complete ? 'passed' : 'failed', [detail, ...untouched(record, users)].join('; '));
  if (!complete) throw new Stopped(problem('O2O_TEARDOWN_USERS', { sweep: id, detail }));
}

function kept({ input: { orgs } }: Operation): Check {
  return {
    name: 'usersKept',
    statement: `Nobody in ${orgs.sp.name} is suspended or deactivated`,
    result: 'passed',
    detail: 'the connection was read back as off before anything else was taken away',
    fix: null,
    evidence: [],
  };
}

function sweepCheck(id: string, users: 'suspend' | 'deactivate', result: Check['result'], detail: string): Check {
  return {
    name: 'usersSweep',
    statement: `The sweep ${id} has made every user of the federation ${users === 'suspend' ? 'suspended' : 'deactivated'}`,
    result,
    detail,
    fix:
      result === 'passed'
        ? null
        : `GET …/sweeps/${id} for its list; another person approves it with POST …/sweeps/${id}/approve.`,
    evidence: [],
  };
}

/** Whom the sweep leaves alone, and why: everybody who is not on its list. */
function untouched(
  { findings, population, actions: { listed } }: SweepRecord,
  users: 'suspend' | 'deactivate',
): readonly string[] {
  const kinds = ['protected', 'unmanaged', 'duplicate', 'unknown'] as const;
  const others = kinds.reduce((left, kind) => left - findings[kind], population - listed);
  const why = users === 'suspend' ? 'not active, or in the access group only' : 'in the access group only';
  return [...kinds.map((kind) => [findings[kind], kind] as const), [others, why] as const].flatMap(([count, what]) =>
    count === 0 ? [] : [`${count} ${what}, left alone`],
  );
}
