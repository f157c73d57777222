import type { FindFederation, FoundIdpSide, FoundSpSide } from '../domain/found-federation.js';

/** What a worker reads in one org to describe a federation that is there. Nothing here writes. */
export interface AdoptionActivities {
  /** IdP org: its Org2Org apps, or the one that is known, with issuer, certificate, connection, features, groups. */
  findIdpSide(input: FindFederation): Promise<FoundIdpSide>;
  /** SP org: its identity providers, trusted certificates, clients with these keys, apps that could be the target app. */
  findSpSide(input: FindFederation, jwksUris: readonly string[]): Promise<FoundSpSide>;
}
