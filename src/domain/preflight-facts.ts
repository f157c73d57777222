import type { Assessment, FederationOrgs } from './assessment.js';
import type { Check } from './check.js';
import type { Look } from './diagnosis-facts.js';
import type { FederationSpec } from './federation-spec.js';
import type { NeededScope, SeenAccess } from './least-privilege.js';
import type { SeenOrg2OrgApp } from './org2org-app.js';

/** What a preflight is about: a specification that may never have been applied. */
export interface PreflightInput {
  readonly spec: FederationSpec;
  readonly orgs: FederationOrgs;
}

/** What is left of one of Okta's rate limits, as an answer showed it. */
export interface SeenBudget {
  readonly operation: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: string;
}

/** What either org shows before anything is written. */
export interface OrgPreflight {
  readonly metadata: Look<{ readonly id: string; readonly pipeline: string; readonly cell: string | null }>;
  readonly access: SeenAccess;
  readonly needed: readonly NeededScope[];
  readonly helpful: readonly string[];
  /** Scopes that the worker asks for and Okta gives no token for. */
  readonly refusedScopes: readonly string[];
  /** Scopes that were granted to the service app; null where it may not see them or an API token signs in. */
  readonly grantedScopes: Look<readonly string[] | null>;
  /** Administrator roles of the service app, or of the owner of the API token; null where the app may not see them. */
  readonly roles: Look<readonly string[] | null>;
  /** All instances of the Org2Org app, wherever they lead. The first read that needs credentials. */
  readonly org2orgApps: Look<readonly SeenOrg2OrgApp[]>;
  readonly budgets: readonly SeenBudget[];
  /** How much of them the workers use. */
  readonly rateShare: number;
  /** The org's clock minus that of the worker's machine; null where no answer told. */
  readonly clockAheadMs: number | null;
}

export interface IdpPreflight extends OrgPreflight {
  readonly app: Look<Assessment>;
  readonly certificate: Look<Assessment>;
  readonly assignments: Look<Assessment>;
  /** Checks of the SP token; none with OAuth 2.0. */
  readonly spToken: Look<readonly Check[]>;
}

export interface SpPreflight extends OrgPreflight {
  readonly targetApp: Look<Assessment>;
  readonly identityProvider: Look<Assessment>;
  readonly accessGroup: Look<Assessment>;
  /** OAuth 2.0 clients of the org. */
  readonly serviceClients: Look<readonly { readonly label: string; readonly jwksUri: string | null }[]>;
}
