import type { DiagnosisInput, IdpFacts, Side, SpFacts } from '../domain/diagnosis-facts.js';
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

/** Activities on the queue of the workflows: they need no credentials of an org. */
export interface FederationActivities {
  /**
   * What transitions need to know of a federation, as it is set up now.
   *
   * @throws Org2OrgError `O2O_FEDERATION_NOT_FOUND`, `O2O_FEDERATION_NOT_READY`
   */
  readFederation(federationId: string, kind: TransitionKind): Promise<UserFederation>;
  /**
   * Sends a command to a user's workflow and waits for the end of the transition, at most `waitSeconds`. Sent again with
   * the same idempotency key it joins the transition that it has started.
   */
  runTransition(command: TransitionCommand): Promise<RanTransition>;
  /** What a diagnosis comes to, by what both orgs showed. Reads nothing. */
  concludeDiagnosis(input: DiagnosisInput, idp: Side<IdpFacts>, sp: Side<SpFacts>): Promise<UserDiagnosis>;
  /** The opaque key of the workflow that holds a user's life. */
  userKeyOf(federationId: string, login: string): Promise<string>;
  /** The federations whose IdP org this is, without those that have no Org2Org app. */
  federationsOfIdpOrg(org: string): Promise<readonly HookedFederation[]>;
  /** What a sweep of these users after events may do, by the federation's schedule; `acted` counts users of earlier ones. */
  eventSweepSpec(federationId: string, logins: readonly string[], acted: number): Promise<SweepSpec>;
}
