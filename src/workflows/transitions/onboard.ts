import { problem } from '../../domain/errors.js';
import type { AssignmentView, Finding, SpExpectation, UserStepName, UserView } from '../../domain/user-lifecycle.js';
import { Stopped } from '../problems.js';
import type { ReadAhead, TransitionRun } from '../transition-run.js';
import { confirmPush, untilArrived } from './arrival.js';
import { idpUser, lookAheadAtSpUser, lookAtSpUserIfStale, readFederation, spUser, stillFresh } from './looks.js';

export const onboardSteps: readonly UserStepName[] = [
  'federation',
  'idpUser',
  'spUser',
  'assignment',
  'provisioned',
  'access',
  'signOn',
];

/**
 * Brings a user into the SP org: looked for in both orgs, assigned, provisioned, read back, given the target app. The same
 * steps bring back a user who was offboarded: never a second one.
 */
export async function onboard(run: TransitionRun, federationId: string): Promise<void> {
  await readFederation(run, federationId);
  const whoIsThere = lookAheadAtSpUser(run);
  await idpUser(run);
  await spUser(run, whoIsThere);
  if (run.plansOnly) return planOnboarding(run);
  const user = await provisioned(run, await assign(run));
  const signsOn = checkSignOnAhead(run, user);
  await access(run, user);
  await signOn(run, user, signsOn);
}

/** What the SP org will show, and since when Okta pushes it: null for an assignment that was there before. */
interface Pushed {
  readonly expected: SpExpectation;
  readonly since: string | null;
}

function assign(run: TransitionRun): Promise<Pushed> {
  return run.step('assignment', async () => {
    const id = run.idp.user?.id;
    if (id === undefined) throw new Stopped(problem('O2O_IDP_USER_MISSING', { org: run.federation.orgs.idp.name }));
    const { idp } = run.federation.orgs;
    const assigned = await run.attempt('assignment', idp.name, async () => {
      await lookAtSpUserIfStale(run, 'assignment');
      return run.callOrg(idp.name, 'assignUser', 'Do: assign the Org2Org app', run.input, id);
    });
    run.take('assignment', assigned);
    const expected = { ...assigned.expected, id: run.sp.user?.id ?? assigned.expected.id };
    return { expected, since: assigned.applied.length === 0 ? null : run.current.startedAt };
  });
}

function provisioned(run: TransitionRun, { expected, since }: Pushed): Promise<UserView> {
  return run.step('provisioned', async () => {
    const user = await untilArrived(run, 'provisioned', expected, since);
    await confirmPush(run, 'provisioned', user);
    return user;
  });
}

function access(run: TransitionRun, user: UserView): Promise<void> {
  return run.step('access', async () => {
    const isNew = run.sp.user === null;
    run.take('access', await run.call('access', 'sp', 'giveAccess', 'Do: access to the target app', user.id, isNew));
  });
}

const signOnSummary = 'Check: a sign-on finds this user';

function signOnArguments(run: TransitionRun, user: UserView): [AssignmentView, UserView, boolean] {
  const assignment = run.current.after?.assignment ?? null;
  if (assignment === null) throw new Error('nothing was confirmed');
  return [assignment, user, run.sp.identityProviderIds.includes(run.federation.identityProviderId)];
}

/** Begins the check of the sign-on, which does not depend on the target app. */
function checkSignOnAhead(run: TransitionRun, user: UserView): Promise<ReadAhead<Finding> | null> | undefined {
  if (!run.readsAhead) return undefined;
  return run.readAhead('sp', 'checkSignOn', signOnSummary, ...signOnArguments(run, user));
}

function signOn(
  run: TransitionRun,
  user: UserView,
  ahead: Promise<ReadAhead<Finding> | null> | undefined,
): Promise<void> {
  return run.step('signOn', async () => {
    const seen = await stillFresh(ahead);
    const checked =
      seen?.result ?? (await run.call('signOn', 'sp', 'checkSignOn', signOnSummary, ...signOnArguments(run, user)));
    run.take('signOn', checked);
  });
}

async function planOnboarding(run: TransitionRun): Promise<void> {
  const id = run.idp.user?.id;
  await run.step('assignment', async () => {
    if (id === undefined) return run.leaveOut('assignment', 'planned', 'Assign the user once the user exists.');
    run.take('assignment', await run.call('assignment', 'idp', 'assessAssignment', 'Look: the assignment', id));
  });
  run.leaveOut('provisioned', 'planned', 'Wait for the push and compare every attribute.');
  run.leaveOut('access', 'planned', 'Put the user into the group that gives the target app, if not there already.');
  run.leaveOut('signOn', 'planned', 'Compare what the IdP org sends with what the SP org expects.');
}
