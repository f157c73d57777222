import type { Problem } from './errors.js';
import type { Evidence, Fact, Facts } from './evidence.js';
import type { FederationSpec } from './federation-spec.js';

/** The part an org plays in one federation. */
export type OrgRole = 'idp' | 'sp';

/** Every object that a federation needs in one of its orgs. */
export const resourceNames = [
  'targetApp',
  'org2orgApp',
  'samlMetadata',
  'trustedCertificate',
  'identityProvider',
  'samlTrust',
  'serviceClient',
  'provisioningConnection',
  'provisioningFeatures',
  'assignments',
  'accessGroup',
] as const;
export type ResourceName = (typeof resourceNames)[number];

/** Values that one resource yields and another one, or a later look, needs. Ids, URLs, certificates: nothing here is a secret. */
export interface FederationValues {
  readonly targetAppId: string;
  /** Ids of the groups that had the target app when the federation came upon it. */
  readonly targetAppGroups: readonly string[];
  readonly targetAppSsoUrl: string;
  /** The target app's signing certificate, base64 DER. */
  readonly targetAppCertificate: string;
  readonly org2orgAppId: string;
  /** `entityID` of the Org2Org app's SAML metadata. */
  readonly issuer: string;
  readonly ssoUrl: string;
  /** The Org2Org app's signing certificate, base64 DER. */
  readonly certificate: string;
  /** SHA-256 of that certificate, base64url: the `x5t#S256` under which the SP org lists it. */
  readonly certificateThumbprint: string;
  /** Key id under which the SP org trusts the certificate. */
  readonly trustedKeyId: string;
  readonly identityProviderId: string;
  readonly acsUrl: string;
  readonly audience: string;
  readonly serviceClientId: string;
  readonly accessGroupId: string;
  /** First characters of the SHA-256 of the SP token that was connected: tells whether it was replaced. */
  readonly tokenFingerprint: string;
}

export type KnownValues = Partial<FederationValues>;

/** A value in a change: known now, or known only once another resource exists. */
export type FieldValue = Fact | { readonly knownAfter: ResourceName };

export interface FieldChange {
  readonly field: string;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/** One write that would make an org agree with the specification. */
export interface Change<Resource extends string = ResourceName> {
  readonly org: string;
  readonly resource: Resource;
  /** What is written, in one word of the resource: `create`, `update`, `activate`, `grantScope`, … */
  readonly write: string;
  /** The write in a sentence, for the plan, the Temporal UI and the report. */
  readonly summary: string;
  readonly fields: readonly FieldChange[];
  readonly reversible: boolean;
}

/** An object found in an org that could be the one the specification means. */
export interface Candidate {
  readonly id: string;
  readonly label: string;
  readonly facts: Facts;
}

/** What was seen of one resource and what would have to change. Assessing writes nothing. */
export interface Assessment {
  readonly resource: ResourceName;
  readonly org: string;
  /** Okta's id of the object, null while it does not exist. */
  readonly id: string | null;
  /** What was observed, null if the object is absent. */
  readonly observed: Facts | null;
  readonly changes: readonly Change[];
  /** What is there beyond what was agreed, and that no write takes away: only a person does. Absent where nothing is. */
  readonly surplus?: readonly FieldChange[];
  /** What a person must mend first. */
  readonly blockers: readonly Problem[];
  /** More than one object fits: a person must choose. */
  readonly candidates: readonly Candidate[];
  readonly explanation: string;
  readonly evidence: readonly Evidence[];
  /** Values that later resources need. */
  readonly known: KnownValues;
}

/** What a pure decision returns; the activity adds resource, org and evidence. */
export type Decision = Omit<Assessment, 'resource' | 'org' | 'evidence'>;

/** Both orgs of a federation with the addresses under which each is reached. */
export interface FederationOrgs {
  readonly idp: { readonly name: string; readonly url: string };
  readonly sp: { readonly name: string; readonly url: string };
}

/** A person's answer where several objects fitted: one of them, or a new one beside those that were there. */
export type Choice = { readonly use: string } | { readonly createBeside: readonly string[] };

export type Choices = Partial<Record<ResourceName, Choice>>;

/** What every assess and apply is given. */
export interface ResourceInput {
  readonly federationId: string;
  readonly spec: FederationSpec;
  readonly orgs: FederationOrgs;
  /** What earlier steps, or earlier runs, have yielded. */
  readonly known: KnownValues;
  /** What a person chose where several objects fitted. */
  readonly chosen: Choices;
}

/** What `apply` did: everything in the assessment, read back; or nothing, because the org had changed meanwhile. */
export interface Applied {
  readonly outcome: 'applied' | 'changedMeanwhile';
  /** The fresh assessment: as agreed after `applied`, the new state of things after `changedMeanwhile`. */
  readonly assessment: Assessment;
}
