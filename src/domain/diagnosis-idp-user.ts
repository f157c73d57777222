import type { Check } from './check.js';
import { checkOn, failed, judge, notWithout, passed } from './diagnosis-check.js';
import type { DiagnosisInput, IdpFacts } from './diagnosis-facts.js';

/** What brings a user of the IdP org back to ACTIVE. */
const statusFixes: Readonly<Record<string, string>> = {
  STAGED: 'Activate the user in the console of the IdP org (Directory > People > Activate).',
  PROVISIONED:
    'Have the user finish the activation (the mail of the IdP org), or send it again from Directory > People.',
  RECOVERY: 'Have the user finish the password recovery, or reset the password in the console of the IdP org.',
  PASSWORD_EXPIRED: 'Have the user set a new password in the IdP org.',
  LOCKED_OUT: 'Unlock the user in the console of the IdP org (Directory > People > Unlock).',
  SUSPENDED: 'Unsuspend the user in the console of the IdP org (Directory > People > Unsuspend).',
  DEPROVISIONED:
    'Activate the user again in the IdP org, then onboard the user: a deactivation takes every assignment.',
};

/** The user in the IdP org and the first of the two assignments. */
export function idpUserChecks({ federation }: DiagnosisInput, idp: IdpFacts): { user: Check[]; assigned: Check } {
  const org = federation.orgs.idp.name;
  const user = [
    checkOn('idpUser', `The user exists in ${org}`, idp.user, (found) =>
      found === null
        ? failed(
            `${org} has no user with this login`,
            'Correct the login, or onboard with a profile (POST /v1/federations/{id}/users), which creates the user.',
          )
        : passed(found.id),
    ),
    checkOn('idpUserActive', `The user is ACTIVE in ${org}`, idp.user, (found) =>
      found === null
        ? notWithout('user')
        : judge(
            found.status === 'ACTIVE',
            found.status,
            statusFixes[found.status] ?? 'Bring the user to ACTIVE in the console of the IdP org.',
          ),
    ),
    checkOn('org2orgAppActive', `The Org2Org app of ${org} is active`, idp.app, (app) =>
      app === null
        ? failed(
            `the app ${federation.org2orgAppId} is gone`,
            'Send the same PUT of the federation again: it makes the app anew.',
          )
        : judge(
            app.status === 'ACTIVE',
            app.status,
            'Send the same PUT of the federation again: it activates the app.',
          ),
    ),
  ];
  const groups = federation.assignmentGroups.join(', ');
  const assigned = checkOn('assigned', `The user is assigned to the Org2Org app in ${org}`, idp.assignment, (found) => {
    if (idp.user.problem === null && idp.user.seen === null) return notWithout('user');
    return found === null
      ? failed(
          'the first of the two assignments is missing',
          `Onboard the user (POST /v1/federations/${federation.id}/users)${groups === '' ? '' : `, or make the user a member of ${groups}`}.`,
        )
      : passed(found.scope === 'GROUP' ? 'through a group' : 'directly');
  });
  return { user, assigned };
}
