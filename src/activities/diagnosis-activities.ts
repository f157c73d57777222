import type { DiagnosisInput, IdpFacts, SpFacts } from '../domain/diagnosis-facts.js';

/** What a worker reads in one org for a diagnosis. Nothing here writes. */
export interface DiagnosisActivities {
  /** IdP org: user, assignment, app, connection, and what its System Log says of pushes and sign-ons. */
  diagnoseIdpSide(input: DiagnosisInput): Promise<IdpFacts>;
  /** SP org: user, trust, access, and what its System Log says of sign-ons. `idp` is null where it could not be read. */
  diagnoseSpSide(input: DiagnosisInput, idp: Pick<IdpFacts, 'assignment'> | null): Promise<SpFacts>;
}
