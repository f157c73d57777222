import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { FederationActivities } from '../activities/federation-activities.js';
import type { Adoption } from '../domain/adoption.js';
import type { Side } from '../domain/diagnosis-facts.js';
import type { FindFederation, FoundIdpSide, FoundSpSide } from '../domain/found-federation.js';
import { checkDetails } from './check-details.js';
import { orgSide } from './org-side.js';
import { endedWith } from './problems.js';

const { concludeAdoption } = proxyActivities<Pick<FederationActivities, 'concludeAdoption'>>({
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200ms', maximumAttempts: 3 },
});

/** What of a federation is there in both orgs. @throws ApplicationFailure with the problem of an org that cannot be read */
export async function foundSides(input: FindFederation): Promise<readonly [FoundIdpSide, FoundSpSide]> {
  const { idp: idpOrg, sp: spOrg } = input.orgs;
  const idp = read(await orgSide('findIdpSide', idpOrg.name, `IdP org ${idpOrg.name}: Org2Org apps`, input));
  const jwksUris = idp.apps.map(({ jwksUri }) => jwksUri);
  const summary = `SP org ${spOrg.name}: identity providers, clients, apps`;
  return [idp, read(await orgSide('findSpSide', spOrg.name, summary, input, jwksUris))];
}

function read<Facts>({ facts, problem }: Side<Facts>): Facts {
  if (problem !== null) throw endedWith(problem);
  return facts;
}

/** Finds what somebody has federated by hand, and the specifications that describe it. Writes nothing. */
export async function federationAdoption(input: FindFederation): Promise<Adoption> {
  const adoption = await concludeAdoption(input, ...(await foundSides(input)));
  const pairs = adoption.pairs.map(
    ({ org2orgApp, identityProvider, owner, checks }) =>
      `**${org2orgApp.id} → ${identityProvider.id}** ${owner === null ? '' : `of ${owner}`}\n\n${checkDetails(checks)}`,
  );
  setCurrentDetails([`${pairs.length} pair(s) found.`, ...pairs].join('\n\n'));
  return adoption;
}
