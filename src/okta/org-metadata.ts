import { z } from 'zod';
import type { OktaSession } from './session.js';

/** What an Okta org says of itself to anyone. */
export const OrgMetadata = z.looseObject({
  /** `00o…`: the same for every address of the org. */
  id: z.string(),
  /** `idx` for Identity Engine, `v1` for Classic. */
  pipeline: z.string(),
  cell: z.string().nullish(),
});
export type OrgMetadata = z.output<typeof OrgMetadata>;

/** Needs no credentials; proves that the URL leads to an Okta org. */
export function getWellknownOrgMetadata(session: OktaSession): Promise<OrgMetadata> {
  return session.call({
    operation: 'getWellknownOrgMetadata',
    method: 'GET',
    path: '/.well-known/okta-organization',
    anonymous: true,
    answer: OrgMetadata,
    facts: ({ id, pipeline }) => ({ id, pipeline }),
  });
}
