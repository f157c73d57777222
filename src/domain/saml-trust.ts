import type { Decision, ResourceInput } from './assessment.js';
import { decision, differences, later } from './changes.js';
import type { SeenOrg2OrgApp } from './org2org-app.js';

/**
 * Decides whether ACS URL and audience must go back into the Org2Org app. Each side needs the other's values, so
 * this step comes after both exist; the guide forgets it. Null: the app does not exist yet.
 */
export function decideSamlTrust(input: ResourceInput, app: SeenOrg2OrgApp | null): Decision {
  const org = input.orgs.idp.name;
  const fields = differences([
    ['settings.app.acsUrl', app?.acsUrl, later(input.known.acsUrl, 'identityProvider')],
    ['settings.app.audRestriction', app?.audRestriction, later(input.known.audience, 'identityProvider')],
  ]);
  return decision({
    id: app?.id ?? null,
    observed: app === null ? null : { acsUrl: app.acsUrl, audRestriction: app.audRestriction },
    changes:
      fields.length === 0
        ? []
        : [
            {
              org,
              resource: 'samlTrust',
              write: 'update',
              summary: 'Enter ACS URL and audience of the identity provider into the Org2Org app',
              fields,
              reversible: true,
            },
          ],
    explanation:
      fields.length === 0
        ? 'The app sends assertions to the identity provider.'
        : 'The app does not know the identity provider yet.',
  });
}
