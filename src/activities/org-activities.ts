import type { Applied, Assessment, ResourceInput, ResourceName } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import type { ProvisionedPage } from '../domain/provisioned-users.js';
import type { IdpSide, SignOnAttempt } from '../domain/sign-on.js';
import type { AdoptionActivities } from './adoption-activities.js';
import type { DiagnosisActivities } from './diagnosis-activities.js';
import type { DriftActivities } from './drift-activities.js';
import type { PreflightActivities } from './preflight-activities.js';
import type { RolloutActivities } from './rollout-activities.js';
import type { RotationActivities } from './rotation-activities.js';
import type { SweepOrgActivities } from './sweep-activities.js';
import type { TeardownActivities } from './teardown-activities.js';
import type { UserActivities } from './user-activities.js';
import type { VerificationActivities } from './verification-activities.js';

/** `assessOrg2OrgApp`, `applyOrg2OrgApp`, … for every resource. */
export type ResourceActivities = {
  [Name in ResourceName as `assess${Capitalize<Name>}`]: (input: ResourceInput) => Promise<Assessment>;
} & {
  [Name in ResourceName as `apply${Capitalize<Name>}`]: (input: ResourceInput, agreed: Assessment) => Promise<Applied>;
};

/** Everything that a worker which holds the credentials of one org does for the workflows. */
export interface OrgActivities
  extends ResourceActivities,
    UserActivities,
    RolloutActivities,
    RotationActivities,
    TeardownActivities,
    SweepOrgActivities,
    DiagnosisActivities,
    PreflightActivities,
    AdoptionActivities,
    VerificationActivities,
    DriftActivities {
  /** Okta's id of the org, from its public metadata: shows that it answers, is Okta, and which one it is. */
  identifyOrg(input: ResourceInput, org: string): Promise<{ readonly id: string; readonly check: Check }>;
  /** IdP org: whether the SP token is there, accepted by the SP org, and its owner is a super admin. */
  checkSpToken(input: ResourceInput): Promise<readonly Check[]>;
  /** SP org: whether the target app provisions users into the target. */
  checkTargetAppProvisioning(input: ResourceInput): Promise<Check>;
  /** IdP org: one page of the users of the Org2Org app and how far their provisioning is. */
  readProvisionedUsers(input: ResourceInput, after: string | null): Promise<ProvisionedPage>;
  /** SP org: a fresh look at users that the IdP org calls provisioned. */
  checkArrivedUsers(input: ResourceInput, spUserIds: readonly string[]): Promise<Check>;
  /** SP org: which of these users lack the access group. Writes nothing. */
  assessAccessMembers(input: ResourceInput, spUserIds: readonly string[]): Promise<Assessment>;
  /** SP org: adds those who lack the access group and reads the members back. */
  applyAccessMembers(input: ResourceInput, spUserIds: readonly string[], agreed: Assessment): Promise<Applied>;
  /** IdP org: its half of the configuration cross-check. */
  readIdpSide(input: ResourceInput): Promise<IdpSide>;
  /** SP org: compares both halves, field by field. Needs no user. */
  crossCheck(input: ResourceInput, idpSide: IdpSide): Promise<readonly Check[]>;
  /** IdP org: signs the test user on, through both orgs to the target app. */
  trySignOn(input: ResourceInput): Promise<SignOnAttempt>;
  /** SP org: what its System Log says of that sign-on. */
  confirmSignOn(input: ResourceInput, attempt: SignOnAttempt, login?: string): Promise<readonly Check[]>;
}
