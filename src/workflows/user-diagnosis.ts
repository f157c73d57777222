import { type ActivityOptions, log, proxyActivities, scheduleActivity, setCurrentDetails } from '@temporalio/workflow';
import type { DiagnosisActivities } from '../activities/diagnosis-activities.js';
import type { FederationActivities } from '../activities/federation-activities.js';
import type { Side } from '../domain/diagnosis-facts.js';
import type { UserDiagnosis } from '../domain/user-diagnosis.js';
import { orgTaskQueue } from './messages.js';
import { endedBy, problemOf } from './problems.js';

/** Whom a diagnosis is about. */
export interface DiagnosisRequest {
  readonly federationId: string;
  readonly login: string;
}

/** Someone waits for the answer: each side has a few seconds, and what it could not show in them is unknown. */
const aSide: ActivityOptions = {
  scheduleToStartTimeout: '5 seconds',
  scheduleToCloseTimeout: '9 seconds',
  startToCloseTimeout: '8 seconds',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumAttempts: 3 },
};

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
  const idp = await side('diagnoseIdpSide', idpOrg.name, `IdP org ${idpOrg.name}: user, connection, System Log`, input);
  const seen = idp.facts === null ? null : { assignment: idp.facts.assignment };
  const sp = await side(
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

/** One org's side of the diagnosis; the problem in its place if the org cannot be read. */
async function side<Name extends keyof DiagnosisActivities>(
  name: Name,
  org: string,
  summary: string,
  ...args: Parameters<DiagnosisActivities[Name]>
): Promise<Side<Awaited<ReturnType<DiagnosisActivities[Name]>>>> {
  try {
    const facts = await scheduleActivity<Awaited<ReturnType<DiagnosisActivities[Name]>>>(name, args, {
      ...aSide,
      taskQueue: orgTaskQueue(org),
      summary,
    });
    return { facts, problem: null };
  } catch (error) {
    const problem = problemOf(error, org);
    if (problem === null) throw error;
    log.info('One side of a diagnosis could not be read', { org, code: problem.code });
    return { facts: null, problem };
  }
}

const marks = { passed: '✔', failed: '✖', unknown: '?' } as const;

/** The checks as Markdown for the Temporal UI. */
function details({ verdict, checks }: UserDiagnosis): string {
  return [
    `**${verdict.sentence}** ${verdict.fix ?? ''}`,
    '',
    ...checks.map(({ result, statement, detail }) => `- ${marks[result]} **${statement}**: ${detail}`.slice(0, 400)),
  ].join('\n');
}
