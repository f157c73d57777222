import type { Problem } from './errors.js';
import type { Evidence } from './evidence.js';
import type { SeenIdentityProvider } from './identity-provider.js';
import type { SeenOrg2OrgApp } from './org2org-app.js';
import type { SeenProvisioningFeatures } from './provisioning-features.js';
import type { AssignmentView, UserFederation, UserView } from './user-lifecycle.js';

/** Whom a diagnosis is about. */
export interface DiagnosisInput {
  readonly federation: UserFederation;
  /** The login in the IdP org. */
  readonly login: string;
}

/** What one read of an org showed, or why it could not be read. */
export type Look<Seen> =
  | { readonly seen: Seen; readonly problem: null; readonly evidence: readonly Evidence[] }
  | { readonly seen: null; readonly problem: Problem; readonly evidence: readonly Evidence[] };

/** One provisioning event of the Org2Org app in the System Log of the IdP org. */
export interface SeenPush {
  readonly at: string;
  readonly succeeded: boolean;
  /** Okta's reason for a failure. */
  readonly reason: string | null;
  /** The group that was pushed; absent where it was a user. */
  readonly groupId?: string;
}

/** One sign-on in a System Log. */
export interface SeenSignIn {
  readonly at: string;
  readonly succeeded: boolean;
  readonly reason: string | null;
  /** Okta's id of who signed in; null where the org could not tell. */
  readonly actorId: string | null;
  /** Whether the event names the user's login. */
  readonly named: boolean;
}

/** The IdP org's side of a diagnosis. Lists of events begin with the newest. */
export interface IdpFacts {
  readonly readAt: string;
  readonly user: Look<UserView | null>;
  readonly assignment: Look<(AssignmentView & { readonly since: string | null }) | null>;
  readonly app: Look<SeenOrg2OrgApp | null>;
  readonly metadata: Look<{
    readonly issuer: string;
    readonly ssoUrl: string;
    readonly thumbprint: string;
    readonly expiresAt: string;
  } | null>;
  readonly connection: Look<{ readonly status: string }>;
  /** Null while the connection is off. */
  readonly features: Look<SeenProvisioningFeatures | null>;
  /** Pushes of this user. */
  readonly pushes: Look<readonly SeenPush[]>;
  /** Pushes of all users and groups of the app. */
  readonly appPushes: Look<readonly SeenPush[]>;
  /** Sign-ons of this user to the Org2Org app. */
  readonly signOns: Look<readonly SeenSignIn[]>;
}

/** A certificate that the identity provider trusts. */
export interface SeenTrustedKey {
  readonly thumbprint: string | null;
  readonly expiresAt: string | null;
}

/** An API token of the SP org, and the status of its owner. */
export interface SeenApiToken {
  readonly id: string;
  readonly expiresAt: string | null;
  /** Null where the owner is not shown. */
  readonly ownerStatus: string | null;
}

/** The SP org's side of a diagnosis. Lists of events begin with the newest. */
export interface SpFacts {
  readonly readAt: string;
  /** The user to whom the assignment leads, or else the one with the login that is pushed. */
  readonly user: Look<UserView | null>;
  /** Who holds the login that is pushed, if that is another user than the assignment leads to. */
  readonly loginHolder: Look<{ readonly id: string } | null>;
  readonly roles: Look<readonly string[]>;
  readonly identityProviderIds: Look<readonly string[]>;
  readonly groupIds: Look<readonly string[]>;
  readonly identityProvider: Look<SeenIdentityProvider | null>;
  readonly trustedKeys: Look<readonly SeenTrustedKey[]>;
  /** With OAuth 2.0; null if the client is gone. */
  readonly serviceClient: Look<{
    readonly status: string;
    readonly roles: readonly string[];
    readonly scopes: readonly string[];
  } | null>;
  /** With an API token. */
  readonly apiTokens: Look<readonly SeenApiToken[]>;
  readonly targetApp: Look<{ readonly status: string } | null>;
  /** Whether the access group is assigned to the target app. */
  readonly accessGroupAssigned: Look<boolean>;
  /** The user's assignment to the target app. */
  readonly targetAssignment: Look<{ readonly status: string; readonly syncState: string | null } | null>;
  /** Sign-ons through this identity provider, of whomever. */
  readonly signIns: Look<readonly SeenSignIn[]>;
}

/** The facts of a side that could not be read at all, or a side's facts. */
export type Side<Facts> =
  | { readonly facts: Facts; readonly problem: null }
  | { readonly facts: null; readonly problem: Problem };
