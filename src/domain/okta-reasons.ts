/** What one of Okta's reasons means, and what to do about it. */
export interface ExplainedReason {
  readonly meaning: string;
  readonly fix: string;
}

/** A push is refused for the connection's sake, whoever the user is. */
export type PushCause = 'credentials' | 'rights' | 'address' | 'user';

interface PushReason extends ExplainedReason {
  readonly pattern: RegExp;
  readonly cause: PushCause;
}

const retry =
  'then press Retry under Dashboard > Tasks in the console of the IdP org, or take the assignment away and give it again.';

/** Reasons in the IdP org's System Log of a push that failed (`application.provision.user.*`). First match counts. */
const pushReasons: readonly PushReason[] = [
  {
    pattern: /initialStatus|notOneOf/i,
    cause: 'user',
    meaning: 'the assignment has an initialStatus that Org2Org does not know',
    fix: `Take initialStatus out of the attribute mapping of the Org2Org app and set active_with_pass on the assignment (Assignments > Edit); ${retry}`,
  },
  {
    pattern: /mastered (under|by) (another|an external)|E0000023|E0000076/i,
    cause: 'user',
    meaning: 'the profile is mastered by another system in the SP org',
    fix: `Send the same PUT of the federation again: it sets profileMaster of the identity provider to false. Then take the profile source away from the user in the console of the SP org (Directory > Profile Sources); ${retry}`,
  },
  {
    pattern: /before provisioning was enabled/i,
    cause: 'user',
    meaning: 'the user was assigned before provisioning was on',
    fix: 'Press Provision User at the assignment of the Org2Org app, or take the assignment away and give it again.',
  },
  {
    pattern: /matching user not found/i,
    cause: 'user',
    meaning: 'Create Users was off when the user was pushed',
    fix: `Switch provisioning.features.create of the specification on and PUT it; ${retry}`,
  },
  {
    pattern:
      /credentials used to connect|not authori[sz]ed|unauthori[sz]ed|invalid_client|E0000011|\b401\b|token is invalid/i,
    cause: 'credentials',
    meaning: 'the SP org refuses the credentials of the connection',
    fix: 'With auth: oauth2 send the same PUT of the federation again: it mends the service client. With auth: token create a new API token of a Super Admin service account in the SP org, put it where provisioning.token points and PUT again. Then retry the tasks under Dashboard > Tasks in the IdP org.',
  },
  {
    pattern: /\b403\b|E0000006|forbidden|permission/i,
    cause: 'rights',
    meaning: "the connection's client or token owner may not do this in the SP org",
    fix: 'With auth: oauth2 send the same PUT of the federation again: it gives the service client its roles (USER_ADMIN, GROUP_MEMBERSHIP_ADMIN) and scopes. With auth: token use a token of a Super Admin; a user who is an administrator in the SP org can be changed by a Super Admin only. Then retry the tasks under Dashboard > Tasks in the IdP org.',
  },
  {
    pattern: /invalid url|did not answer|timed? ?out|unknown ?host|connection refused/i,
    cause: 'address',
    meaning: 'the SP org did not answer at the Base URL of the Org2Org app',
    fix: 'Check org2orgApp.baseUrl of the specification (https, no trailing slash) and send the same PUT again; then retry the tasks under Dashboard > Tasks in the IdP org.',
  },
  {
    pattern: /E0000001|validation|required|invalid/i,
    cause: 'user',
    meaning: 'the SP org refuses the profile',
    fix: `Correct the attribute that Okta names in the user's profile in the IdP org, or its mapping in the Org2Org app; ${retry}`,
  },
];

/** What a failed push means. */
export function explainPush(reason: string | null): ExplainedReason & { readonly cause: PushCause } {
  const known = pushReasons.find(({ pattern }) => reason !== null && pattern.test(reason));
  return (
    known ?? {
      cause: 'user',
      meaning: "Okta's reason is not a known one",
      fix: `Open Dashboard > Tasks in the console of the IdP org and mend what the task of this user names; ${retry}`,
    }
  );
}

interface SignInReason extends ExplainedReason {
  readonly pattern: RegExp;
  /** Checks that would fail while the cause lasts: if all of them pass, it was mended since. */
  readonly seenBy: readonly string[];
}

const again = 'Send the same PUT of the federation again: it enters the value anew.';

/** Reasons in the SP org's System Log of a sign-on that failed (`user.authentication.auth_via_IDP`). */
const signInReasons: readonly SignInReason[] = [
  {
    pattern: /issuer in the saml response did not match/i,
    meaning: 'the assertion names another issuer than the identity provider expects',
    fix: again,
    seenBy: ['issuer'],
  },
  {
    pattern: /designate us as the target/i,
    meaning: 'the assertion is for another audience',
    fix: again,
    seenBy: ['audience', 'overrides'],
  },
  {
    pattern: /digital signature/i,
    meaning: 'the assertion is signed with a certificate that the identity provider does not trust',
    fix: again,
    seenBy: ['certificate', 'certificateValid'],
  },
  {
    pattern: /unable to transform/i,
    meaning: 'the identity provider makes no username of the assertion',
    fix: 'Send the same PUT of the federation again: it sets the IdP username to idpuser.subjectNameId. If it stays, set the application username of the Org2Org app to the Okta username.',
    seenBy: ['subjectTemplate'],
  },
  {
    pattern: /match the transformed username/i,
    meaning: 'the username matches no user, or more than one, or may not be linked',
    fix: "Make identityProvider.subjectMatch, subjectFilter and accountLink of the specification fit this user's login, then PUT again: only subjectMatch USERNAME never matches more than one.",
    seenBy: ['subjectMatches', 'subjectFilter', 'accountLink'],
  },
  {
    pattern: /user not found/i,
    meaning: 'the SP org has no such user, and just-in-time provisioning made none',
    fix: 'Onboard the user, so that provisioning creates the user; or switch just-in-time provisioning on for the SP org (console: Customizations > Other, no API has this switch), with identityProvider.jit on and an assertion that carries firstName, lastName and email.',
    seenBy: ['spUser'],
  },
  {
    pattern: /invalid status/i,
    meaning: 'the status of the SP user does not allow a sign-on',
    fix: 'See the check spUserStatus. If the user has a password of the SP org, reset it there so that the identity provider authenticates the user.',
    seenBy: ['spUserStatus'],
  },
  {
    pattern: /unable to validate incoming saml/i,
    meaning:
      'the SP org refuses the assertion itself: late, used before, for another address, or to an inactive identity provider',
    fix: 'Compare acsUrl and issuer checks; if they pass, sign on once more from the Okta dashboard and not by Back or Reload, and see whether the clocks differ by more than identityProvider.maxClockSkew.',
    seenBy: ['identityProviderActive', 'acsUrl', 'issuer', 'audience', 'certificate', 'overrides'],
  },
];

/** What a failed sign-on means. */
export function explainSignIn(reason: string | null): ExplainedReason & { readonly seenBy: readonly string[] } {
  const known = signInReasons.find(({ pattern }) => reason !== null && pattern.test(reason));
  return (
    known ?? {
      meaning: "Okta's reason is not a known one",
      fix: 'If the first sign-on worked and later ones do not, the account is not linked under the name that is sent: set the NameID format of the Org2Org app to unspecified, or switch off honorPersistentNameId of the identity provider in the SP org.',
      seenBy: [],
    }
  );
}
