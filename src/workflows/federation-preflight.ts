import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { FederationActivities } from '../activities/federation-activities.js';
import type { KnownValues } from '../domain/assessment.js';
import type { Preflight } from '../domain/preflight.js';
import type { IdpPreflight, PreflightInput } from '../domain/preflight-facts.js';
import { checkDetails } from './check-details.js';
import { orgSide } from './org-side.js';

const { concludePreflight } = proxyActivities<Pick<FederationActivities, 'concludePreflight'>>({
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});

/** Can these two orgs be federated at all? Looks into both and writes nothing. */
export async function federationPreflight(input: PreflightInput): Promise<Preflight> {
  const { idp: idpOrg, sp: spOrg } = input.orgs;
  const idp = await orgSide('preflightIdpSide', idpOrg.name, `IdP org ${idpOrg.name}: rights, app, assignments`, input);
  const known = idp.facts === null ? {} : knownOf(idp.facts);
  const sp = await orgSide(
    'preflightSpSide',
    spOrg.name,
    `SP org ${spOrg.name}: rights, names, target app`,
    input,
    known,
  );
  const preflight = await concludePreflight(input, idp, sp);
  const { verdict, checks, advice } = preflight;
  setCurrentDetails(
    [
      `**${verdict.sentence}** ${verdict.fix ?? ''}`,
      '',
      checkDetails(checks),
      '',
      'Advice:',
      '',
      checkDetails(advice),
    ].join('\n'),
  );
  return preflight;
}

function knownOf({ app, certificate }: IdpPreflight): KnownValues {
  return { ...app.seen?.known, ...certificate.seen?.known };
}
