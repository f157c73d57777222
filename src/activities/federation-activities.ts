import type { OwnedObjects } from '../commands/pair-owners.js';
import type { Adoption } from '../domain/adoption.js';
import type { Assessment, FederationOrgs, KnownValues } from '../domain/assessment.js';
import type { Canary } from '../domain/canary.js';
import type { Check } from '../domain/check.js';
import type { ChecklistFacts } from '../domain/checklist.js';
import type { DiagnosisInput, IdpFacts, Side, SpFacts } from '../domain/diagnosis-facts.js';
import type { DriftCauses, DriftDifference, DriftOptions, DriftReport, MendFacts } from '../domain/drift.js';
import type { ExportedSpec } from '../domain/exported-spec.js';
import type { ScheduledOrder, Step } from '../domain/federation.js';
import type { FederationSpec } from '../domain/federation-spec.js';
import type { FindFederation, FoundIdpSide, FoundSpSide } from '../domain/found-federation.js';
import type { Preflight } from '../domain/preflight.js';
import type { IdpPreflight, PreflightInput, SpPreflight } from '../domain/preflight-facts.js';
import type { SweepSpec } from '../domain/sweep.js';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import type { Transition, TransitionCommand, TransitionKind, UserFederation } from '../domain/user-lifecycle.js';

/** What a transition that another workflow asked for came to; `running` where it has not ended in time. */
export interface RanTransition {
  readonly transition: Pick<Transition, 'number' | 'kind' | 'state' | 'note'>;
  /** Whether anything was written in either org. */
  readonly changed: boolean;
  /** Where it stands or why it stopped; null if it went through. */
  readonly problem: { readonly code: string; readonly message: string; readonly fix: string } | null;
}

/** A federation into which an org provisions, as far as its event hooks need to know it. */
export interface HookedFederation {
  readonly id: string;
  readonly org2orgAppId: string;
}

/** What a canary is made for. */
export interface CanaryInput {
  readonly federationId: string;
  readonly spec: FederationSpec;
  /** Tells it from earlier ones. */
  readonly number: string;
  readonly domain: string | null;
}

/** Activities on the queue of the workflows: they need no credentials of an org. */
export interface FederationActivities {
  /**
   * What transitions need to know of a federation, as it is set up now.
   *
   * @param says what the workflow says of itself; it comes back with the answer. `patched` would tell as well by which code
   * a run began, for two actions more.
   * @throws Org2OrgError `O2O_FEDERATION_NOT_FOUND`, `O2O_FEDERATION_NOT_READY`
   */
  readFederation(
    federationId: string,
    kind: TransitionKind,
    says?: Pick<UserFederation, 'readsAhead'>,
  ): Promise<UserFederation>;
  /**
   * Sends a command to a user's workflow and waits for the end of the transition, at most `waitSeconds`. Sent again with
   * the same idempotency key it joins the transition that it has started.
   */
  runTransition(command: TransitionCommand): Promise<RanTransition>;
  /** What a diagnosis comes to, by what both orgs showed. Reads nothing. */
  concludeDiagnosis(input: DiagnosisInput, idp: Side<IdpFacts>, sp: Side<SpFacts>): Promise<UserDiagnosis>;
  /** What a preflight comes to, by what both orgs showed and which federations there are. Reads no org. */
  concludePreflight(input: PreflightInput, idp: Side<IdpPreflight>, sp: Side<SpPreflight>): Promise<Preflight>;
  /** The pairs that both orgs hold, with their specifications and owners. Reads no org. */
  concludeAdoption(input: FindFederation, idp: FoundIdpSide, sp: FoundSpSide): Promise<Adoption>;
  /** The specification that both orgs hold. Reads nothing. @throws Org2OrgError `O2O_OKTA_NOT_FOUND` */
  concludeExport(input: FindFederation, idp: FoundIdpSide, sp: FoundSpSide): Promise<ExportedSpec>;
  /** The federation that has one of these objects in the orgs, besides the one that asks; null if none has. */
  ownerOf(federationId: string, orgs: FederationOrgs, objects: OwnedObjects): Promise<string | null>;
  /** The canary of one verification. */
  planCanary(input: CanaryInput): Promise<Canary>;
  /** The guide's checklist and what the whole verification comes to, by what it has shown. Reads nothing. */
  concludeVerification(facts: ChecklistFacts, steps: readonly Step[]): Promise<readonly Check[]>;
  /** The differences that assessments show, in the words of the specification; `agreed` is what is known. Reads nothing. */
  judgeDrift(
    assessments: readonly Assessment[],
    causes: DriftCauses,
    options: DriftOptions,
    agreed?: KnownValues,
  ): Promise<readonly DriftDifference[]>;
  /** What a mend has come to, by a look after it. Reads nothing. */
  judgeMend(facts: MendFacts): Promise<DriftReport>;
  /** Begins an operation of a schedule; says why where it cannot begin now. */
  beginScheduled(order: ScheduledOrder): Promise<string | null>;
  /** The opaque key of the workflow that holds a user's life. */
  userKeyOf(federationId: string, login: string): Promise<string>;
  /** The federations whose IdP org this is, without those that have no Org2Org app. */
  federationsOfIdpOrg(org: string): Promise<readonly HookedFederation[]>;
  /** What a sweep of these users after events may do, by the federation's schedule; `acted` counts users of earlier ones. */
  eventSweepSpec(federationId: string, logins: readonly string[], acted: number): Promise<SweepSpec>;
}
