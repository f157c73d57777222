import { CancellationScope, patched, sleep, workflowInfo } from '@temporalio/workflow';
import type { Canary, RemovedCanaries } from '../domain/canary.js';
import type { Check } from '../domain/check.js';
import type { ChecklistFacts } from '../domain/checklist.js';
import type { StepName } from '../domain/federation.js';
import type { SignOnAttempt } from '../domain/sign-on.js';
import type { VerificationStepName } from '../domain/verification.js';
import { type CanaryRun, runCanary } from './canary-run.js';
import { federationActivities } from './federation-activities.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { patience, Stopped } from './problems.js';
import type { TransitionRun } from './transition-run.js';

/** Runs one named step; what stops inside it is kept in the step. */
type RunStep = (name: VerificationStepName, body: () => Promise<void>) => Promise<void>;

/**
 * The life of a canary: created, provisioned, signed on, changed, deactivated, proven gone and removed from both orgs.
 * From the moment it may exist the last three are carried out whatever happens, a cancellation included.
 */
export async function canaryLife(operation: Operation, domain: string | null, step: RunStep): Promise<ChecklistFacts> {
  const { spec, federationId } = operation.input;
  if (!spec.provisioning.features.create) return withoutCanary(operation);
  const number = workflowInfo().workflowId.split('/').at(-1) ?? '';
  const canary = await federationActivities.planCanary({ spec, federationId, number, domain });
  const life: CanaryLife = { arrived: null, signOn: null, recorded: null };
  try {
    await step('canaryArrives', async () => {
      life.arrived = await runCanary(operation, 'canaryArrives', 'onboard', canary);
    });
    if (whoArrived(life) !== null) await signOnAndChange(operation, canary, life, step);
    else for (const name of ['canarySignsOn', 'canaryChanges'] as const) leaveOut(operation, name);
  } finally {
    await CancellationScope.nonCancellable(() => endCanary(operation, canary, whoArrived(life), step));
  }
  return factsOf(operation, life);
}

/** What a canary has shown so far. */
interface CanaryLife {
  arrived: CanaryRun | null;
  signOn: SignOnAttempt | null;
  recorded: Check['result'] | null;
}

/** The transition that has brought the canary into the SP org, whatever came after that; null if none has. */
function whoArrived({ arrived }: CanaryLife): TransitionRun | null {
  return arrived?.run.current.after?.sp != null ? arrived.run : null;
}

async function signOnAndChange(operation: Operation, canary: Canary, life: CanaryLife, step: RunStep): Promise<void> {
  await step('canarySignsOn', async () => {
    const attempt = await trySignOn(operation, canary);
    life.signOn = attempt;
    if (attempt.result === 'signedOn') life.recorded = await confirmSignOn(operation, canary, attempt);
  });
  await step('canaryChanges', async () => {
    await runCanary(operation, 'canaryChanges', 'update', canary);
  });
}

function leaveOut(operation: Operation, name: StepName): void {
  operation.changeStep(name, { state: 'skipped' });
}

function factsOf(operation: Operation, { arrived, signOn, recorded }: CanaryLife): ChecklistFacts {
  const { checks, problem } = operation.step('canaryArrives');
  const access = checks.find(({ name }) => name === 'onboard-access')?.result ?? null;
  const provisioned = checks.some(({ name, result }) => name === 'onboard-provisioned' && result === 'passed');
  return {
    arrived: provisioned,
    access: access === null ? null : access === 'passed',
    why: arrived?.why ?? problem?.message ?? null,
    signOn,
    recorded,
  };
}

/** Where Create Users is off by agreement there is nothing that a canary could show. */
function withoutCanary(operation: Operation): ChecklistFacts {
  const why = 'provisioning.features.create of the specification is off: nobody is provisioned';
  const untried: Check = {
    ...deactivates(operation),
    result: 'unknown',
    detail: why,
    fix: 'Have a person show it, or switch Create Users on.',
    evidence: [],
  };
  for (const { name } of operation.steps) if (name.startsWith('canary')) leaveOut(operation, name);
  operation.changeStep('canaryDeactivated', { checks: [untried] });
  return { arrived: null, access: null, why, signOn: null, recorded: null };
}

async function trySignOn(operation: Operation, canary: Canary): Promise<SignOnAttempt> {
  const { orgs, spec } = operation.input;
  const input = operation.resourceInput;
  const idp = orgs.idp.name;
  const byCanary = await operation.attempt('canarySignsOn', idp, () =>
    callOrg(idp, 'trySignOnOfCanary', 'Try: sign-on with the canary', input, canary.login),
  );
  const another = byCanary.result === 'untestable' && spec.signOn.testUser !== undefined;
  const attempt = another
    ? await operation.attempt('canarySignsOn', idp, () =>
        callOrg(idp, 'trySignOn', 'Try: sign-on with the test user', input),
      )
    : byCanary;
  operation.changeStep('canarySignsOn', { checks: attempt.checks });
  return attempt;
}

async function confirmSignOn(operation: Operation, canary: Canary, attempt: SignOnAttempt): Promise<Check['result']> {
  const sp = operation.input.orgs.sp.name;
  const checks = await operation.attempt('canarySignsOn', sp, () =>
    callOrg(sp, 'confirmSignOn', "Read back: the SP org's System Log", operation.resourceInput, attempt, canary.login),
  );
  operation.changeStep('canarySignsOn', { checks: [...operation.step('canarySignsOn').checks, ...checks] });
  return checks[0]?.result ?? 'unknown';
}

/** Deactivated, proven gone, removed from both orgs. */
async function endCanary(
  operation: Operation,
  canary: Canary,
  arrived: TransitionRun | null,
  step: RunStep,
): Promise<void> {
  let isThere = true;
  await step('canaryDeactivated', async () => {
    isThere = await deactivate(operation, canary, arrived);
  });
  if (!isThere) leaveOut(operation, 'canaryGone');
  else
    await step('canaryGone', async () => {
      await runCanary(operation, 'canaryGone', 'offboard', canary);
    });
  const spUserId = arrived?.current.after?.sp?.id ?? null;
  await step('canaryRemoved', () => removeCanaries(operation, 'canaryRemoved', canary.login, spUserId));
}

function deactivates({ input }: Operation): Pick<Check, 'name' | 'statement'> {
  const { idp, sp } = input.orgs;
  return {
    name: 'deactivation',
    statement: `A user who is deactivated in ${idp.name} is deactivated in ${sp.name} by Okta itself`,
  };
}

/** Okta's own reason for a push of the deactivation that has failed; null if it knows none. */
async function whyNotPushed(
  operation: Operation,
  arrived: TransitionRun,
  userId: string | null,
): Promise<string | null> {
  if (userId === null || !patched('canary-push-refused')) return null;
  const idp = operation.input.orgs.idp.name;
  const { startedAt } = operation.step('canaryDeactivated');
  const found = await operation.attempt('canaryDeactivated', idp, () =>
    callOrg(idp, 'explainPush', "Look: what the IdP org's System Log says", arrived.input, userId, startedAt, false),
  );
  return found.reason;
}

/**
 * Deactivates the canary in the IdP org and waits for what Okta does about it in the SP org: not after its push has failed.
 *
 * @returns whether the IdP org has the canary at all.
 */
async function deactivate(operation: Operation, canary: Canary, arrived: TransitionRun | null): Promise<boolean> {
  const spUserId = arrived?.current.after?.sp?.id ?? null;
  const { idp, sp } = operation.input.orgs;
  const done = await operation.attempt('canaryDeactivated', idp.name, () =>
    callOrg(idp.name, 'deactivateCanary', 'Do: deactivate the canary', operation.resourceInput, canary.login),
  );
  operation.changeStep('canaryDeactivated', { applied: done.applied });
  const check = (result: Check['result'], detail: string, fix: string | null, evidence: Check['evidence']) => {
    operation.changeStep('canaryDeactivated', {
      checks: [{ ...deactivates(operation), result, detail, fix, evidence: [...done.evidence, ...evidence] }],
    });
    return done.userId !== null;
  };
  if (done.blocker !== null) throw new Stopped(done.blocker);
  if (spUserId === null || arrived === null)
    return check(
      'unknown',
      'the canary did not arrive in the SP org',
      'Mend what failed before, then verify again.',
      [],
    );
  const { features } = operation.input.spec.provisioning;
  if (!features.deactivate)
    return check(
      'failed',
      'Deactivate Users is off by agreement',
      'Switch provisioning.features.deactivate of the specification on and PUT it.',
      [],
    );
  const deadline = Date.now() + operation.input.spec.users.pushWithinMinutes * 60_000;
  const expectation = { id: spUserId, login: canary.login, shows: 'deprovisioned', profile: {} } as const;
  for (let look = 0; ; look += 1) {
    const wait = await operation.attempt('canaryDeactivated', sp.name, () =>
      callOrg(sp.name, 'awaitSpUser', 'Wait: DEPROVISIONED in the SP org', arrived.input, expectation),
    );
    if (wait.met || wait.user === null) return check('passed', wait.decided, null, wait.evidence);
    const why = await whyNotPushed(operation, arrived, done.userId);
    if (why !== null || Date.now() >= deadline) {
      const detail = why === null ? wait.decided : `${wait.decided} Okta says: ${why}`;
      const fix = `In ${idp.name}, see Dashboard > Tasks and the Deactivate Users box of the Org2Org app; mend it, then verify again.`;
      return check('failed', detail, fix, wait.evidence);
    }
    await sleep(patience(look), { summary: 'the canary is not deactivated yet' });
  }
}

/** Removes this canary, and those of earlier verifications, from both orgs; what is left is named. */
export async function removeCanaries(
  operation: Operation,
  step: VerificationStepName,
  login: string | null,
  spUserId: string | null,
): Promise<void> {
  const { idp, sp } = operation.input.orgs;
  const results: RemovedCanaries[] = [];
  for (const [org, id] of [
    [sp.name, spUserId],
    [idp.name, null],
  ] as const) {
    const removed = await operation.attempt(step, org, () =>
      callOrg(org, 'removeCanaries', 'Do: remove canaries', operation.resourceInput, login, id),
    );
    results.push(removed);
  }
  const left = results.flatMap(({ org, left: those }) => those.map(({ id, why }) => `${id} in ${org}: ${why}`));
  const count = results.reduce((sum, { removed }) => sum + removed.length, 0);
  operation.changeStep(step, {
    applied: results
      .filter(({ removed }) => removed.length > 0)
      .map(({ org, removed }) => `Remove ${removed.length} canary user(s) from ${org}`),
    checks: [
      {
        name: step === 'canaryRemoved' ? 'noCanaryLeft' : 'noEarlierCanary',
        statement: 'No canary is left in either org',
        result: left.length === 0 ? 'passed' : 'failed',
        detail: left.join('; ') || `${count} removed`,
        fix: left.length === 0 ? null : 'Deactivate and delete these users in the consoles.',
        evidence: [],
      },
    ],
  });
}
