import type { Applied, Assessment, ResourceInput } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import type { TrustedKeys } from '../domain/trusted-keys.js';

/** What roll-overs, and mends of drift, do in an org besides what setups do. `assess…` never writes, `apply…` reads back. */
export interface RotationActivities {
  /** IdP org: the unused signing key of the Org2Org app, if there is one; its id is that of the assessment. */
  assessSigningKey(input: ResourceInput, validityYears: number): Promise<Assessment>;
  applySigningKey(input: ResourceInput, validityYears: number, agreed: Assessment): Promise<Applied>;
  /** IdP org: the key with which the Org2Org app signs. */
  assessKeySwitch(input: ResourceInput, kid: string): Promise<Assessment>;
  applyKeySwitch(input: ResourceInput, kid: string, agreed: Assessment): Promise<Applied>;
  /** IdP org: whether the Org2Org app signs with the key of the certificate that the federation knows. */
  assessAgreedKey(input: ResourceInput): Promise<Assessment>;
  applyAgreedKey(input: ResourceInput, agreed: Assessment): Promise<Applied>;
  /** SP org: the certificates that the identity provider trusts. */
  assessTrustedKeys(input: ResourceInput, wanted: TrustedKeys): Promise<Assessment>;
  applyTrustedKeys(input: ResourceInput, wanted: TrustedKeys, agreed: Assessment): Promise<Applied>;
  /** IdP org: whether Okta rolls the key of the connection over by itself. */
  checkConnectionKey(input: ResourceInput): Promise<Check>;
}
