import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { FederationActivities } from '../activities/federation-activities.js';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import { checkDetails } from './check-details.js';
import { orgSide } from './org-side.js';
import { endedBy } from './problems.js';

/** Whom a diagnosis is about. */
export interface DiagnosisRequest {
  readonly federationId: string;
  readonly login: string;
}

const { readFederation, concludeDiagnosis } = proxyActivities<
  Pick<FederationActivities, 'readFederation' | 'concludeDiagnosis'>
>({ scheduleToCloseTimeout: '5 seconds', retry: { initialInterval: '200ms', maximumAttempts: 3 } });

/** Why can this user not get in? Looks into both orgs and writes nothing. */
export async function userDiagnosis({ federationId, login }: DiagnosisRequest): Promise<UserDiagnosis> {
  // Offboarding asks least of a federation: a diagnosis must work although a setup has stopped half way.
  const federation = await readFederation(federationId, 'offboard').catch((error: unknown) => {
    throw endedBy(error, 'org2org');
  });
  const input = { federation, login };
  const { idp: idpOrg, sp: spOrg } = federation.orgs;
  const idp = await orgSide(
    'diagnoseIdpSide',
    idpOrg.name,
    `IdP org ${idpOrg.name}: user, connection, System Log`,
    input,
  );
  const seen = idp.facts === null ? null : { assignment: idp.facts.assignment };
  const sp = await orgSide(
    'diagnoseSpSide',
    spOrg.name,
    `SP org ${spOrg.name}: user, trust, access, System Log`,
    input,
    seen,
  );
  const diagnosis = await concludeDiagnosis(input, idp, sp);
  setCurrentDetails(details(diagnosis));
  return diagnosis;
}

/** The checks as Markdown for the Temporal UI. */
function details({ verdict, checks }: UserDiagnosis): string {
  return [`**${verdict.sentence}** ${verdict.fix ?? ''}`, '', checkDetails(checks)].join('\n');
}
