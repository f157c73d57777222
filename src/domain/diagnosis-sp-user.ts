import type { Check } from './check.js';
import { both, checkOn, failed, helpedBy, judge, notWithout, passed, unknown } from './diagnosis-check.js';
import type { DiagnosisInput, IdpFacts, SpFacts } from './diagnosis-facts.js';
import { deactivatedThere, decideSpUser } from './sp-user.js';

/** What brings a user of the SP org back to a status that allows a sign-on. */
const statusFixes: Readonly<Record<string, string>> = {
  STAGED:
    'Activate the user in the console of the SP org (Directory > People > Activate). If Org2Org created the user so, set initialStatus active_with_pass on the assignment of the Org2Org app.',
  PROVISIONED:
    'Activate the user in the console of the SP org (Directory > People), or switch identityProvider.jit on: then the first sign-on does it. If Org2Org created the user so, set initialStatus active_with_pass on the assignment.',
  SUSPENDED: 'Send the transition resume.',
  DEPROVISIONED: 'Send the transition reactivate.',
  LOCKED_OUT: 'Unlock the user in the console of the SP org (Directory > People > Unlock).',
  PASSWORD_EXPIRED:
    'Reset the password in the console of the SP org (Directory > People); users of a federation need none, so let the identity provider authenticate them.',
  RECOVERY: 'End the password recovery in the console of the SP org (Directory > People).',
};

const otherMasters: readonly string[] = ['ACTIVE_DIRECTORY', 'LDAP'];

/** Whether Okta may make the SP user with this login the federation's, before anyone is assigned. */
export function linkableCheck(input: DiagnosisInput, idp: IdpFacts, sp: SpFacts): Check {
  const look = both(both(idp.assignment, sp.user), both(sp.roles, sp.identityProviderIds));
  const statement = 'Nobody who must not be linked holds the login in the SP org';
  return checkOn('spUserLinkable', statement, look, ([[assignment, user], [roles, identityProviderIds]]) => {
    if (user === null) return passed('the login is free');
    const { blocker } = decideSpUser({ ...input, kind: 'onboard', profile: null, assignBy: 'direct' }, assignment, {
      user,
      roles,
      identityProviderIds,
      inAccessGroup: false,
    });
    return blocker?.code === 'O2O_SP_USER_NEVER_LINKED'
      ? failed(blocker.message, blocker.fix)
      : passed(`the user ${user.id} may be linked`);
  });
}

/** The user in the SP org. */
export function spUserChecks({ federation }: DiagnosisInput, idp: IdpFacts, sp: SpFacts): Check[] {
  const org = federation.orgs.sp.name;
  return [
    checkOn('spUser', `The user exists in ${org}`, both(sp.user, idp.assignment), ([user, assignment]) => {
      if (user !== null) return passed(user.id);
      if (assignment?.externalId != null) {
        return failed(
          `the user ${assignment.externalId}, whom Okta provisioned, is gone`,
          'Take the assignment of the Org2Org app away and give it again (offboard, then onboard): Okta creates the user anew.',
        );
      }
      if (assignment !== null && !federation.features.create && federation.identityProvider.jit) {
        return unknown(
          'there is none yet: the first sign-on creates the user, if just-in-time provisioning is on for the SP org too',
          'Have the user sign on once, or onboard the user with provisioning.features.create on.',
        );
      }
      return failed(`${org} has no such user`, `Onboard the user (POST /v1/federations/${federation.id}/users).`);
    }),
    checkOn(
      'spUserSame',
      'The login in the SP org belongs to the user whom Okta provisioned',
      sp.loginHolder,
      (holder) =>
        judge(
          holder === null,
          holder === null ? 'nobody else holds it' : `the user ${holder.id} holds the login`,
          'Give one of the two users another login in the SP org, or deactivate the one who is not meant.',
        ),
    ),
    checkOn(
      'spUserStatus',
      `The status in ${org} allows a sign-on`,
      helpedBy(both(sp.user, sp.identityProvider), idp.assignment),
      ([user, provider]) => {
        if (user === null) return notWithout('SP user');
        if (idp.assignment.problem === null && deactivatedThere(idp.assignment.seen, user)) {
          return failed(
            'DEPROVISIONED in the SP org itself: the assignment still leads to this user',
            'Send the transition offboard, then the transition reactivate: the assignment has to be given anew.',
          );
        }
        const moving = user.transitioningToStatus === null ? '' : `, on its way to ${user.transitioningToStatus}`;
        const detail = `${user.status}${moving}`;
        if (user.status === 'ACTIVE') return passed(detail);
        const pending = user.status === 'PROVISIONED' || user.status === 'STAGED';
        if (pending && federation.identityProvider.jit && provider?.jit === 'AUTO') {
          return passed(`${detail}: becomes ACTIVE at the first sign-on`);
        }
        return failed(detail, statusFixes[user.status] ?? 'Bring the user to ACTIVE in the console of the SP org.');
      },
    ),
    checkOn('credentialProvider', 'No directory of the SP org is the master of the user', sp.user, (user) =>
      user === null
        ? notWithout('SP user')
        : judge(
            user.provider === null || !otherMasters.includes(user.provider),
            user.provider ?? 'not shown',
            'A user cannot be sourced by Org2Org and a directory: disconnect the user from the directory in the console of the SP org (Directory > Directory Integrations).',
          ),
    ),
  ];
}

/** The second of the two assignments: the target app in the SP org. */
export function accessChecks({ federation }: DiagnosisInput, sp: SpFacts): Check[] {
  const org = federation.orgs.sp.name;
  const put = 'Send the same PUT of the federation again: it';
  return [
    checkOn('targetAppActive', `The target app in ${org} is active`, sp.targetApp, (app) =>
      app === null
        ? failed(`the app ${federation.targetAppId} is gone`, `${put} makes or finds it anew.`)
        : judge(app.status === 'ACTIVE', app.status, `${put} activates the app.`),
    ),
    checkOn('accessGroup', 'The access group is assigned to the target app', sp.accessGroupAssigned, (assigned) =>
      judge(assigned, `group ${federation.accessGroupId}`, `${put} assigns the group.`),
    ),
    checkOn(
      'targetAppAssigned',
      `The user is assigned to the target app in ${org}`,
      both(both(sp.user, sp.targetAssignment), sp.groupIds),
      ([[user, assignment], groupIds]) => {
        if (user === null) return notWithout('SP user');
        if (assignment !== null) return passed(`${assignment.status}`);
        const member = groupIds.includes(federation.accessGroupId);
        return failed(
          `the second of the two assignments is missing; the user is ${member ? '' : 'not '}in the access group ${federation.accessGroupId}`,
          member
            ? `${put} assigns the access group to the target app.`
            : 'Onboard the user once more: it puts the user into the access group (access.group of the specification).',
        );
      },
    ),
    checkOn(
      'targetAppProvisioned',
      'The target has taken the user',
      both(sp.user, sp.targetAssignment),
      ([user, assignment]) => {
        if (user === null) return notWithout('SP user');
        if (assignment === null) return notWithout('assignment to the target app');
        return judge(
          assignment.syncState !== 'ERROR',
          `${assignment.status}, syncState ${assignment.syncState ?? 'none'}`,
          'Look under Dashboard > Tasks in the console of the SP org, mend what the task of the target app names, and retry it.',
        );
      },
    ),
  ];
}
