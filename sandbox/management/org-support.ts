import type { FastifyInstance } from 'fastify';
import { apiUrl } from '../core/links.js';
import type { Org } from '../core/org.js';
import { ok, operation } from '../core/routing.js';

const path = '/api/v1/org/privacy/oktaSupport';

/**
 * Registers the access that an org gives to Okta Support. Nobody opens a case with a sandbox: there is none, and no
 * access. Access used to be given here; Okta has moved that to the single cases.
 */
export function registerOrgSupport(server: FastifyInstance, org: Org): void {
  operation(server, org, { id: 'getOrgOktaSupportSettings', method: 'GET', path, scope: 'okta.orgs.read' }, () =>
    ok({ support: 'DISABLED', expiration: null, caseNumber: null, _links: {} }),
  );
  operation(
    server,
    org,
    { id: 'listOktaSupportCases', method: 'GET', path: `${path}/cases`, scope: 'okta.orgs.read' },
    () => ok({ supportCases: [] }),
  );
  for (const [id, name] of [
    ['grantOktaSupport', 'grant'],
    ['extendOktaSupport', 'extend'],
    ['revokeOktaSupport', 'revoke'],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/${name}`, scope: 'okta.orgs.manage' }, () => ({
      status: 301,
      headers: { location: apiUrl(org, '/org/privacy/oktaSupport/cases') },
    }));
  }
}
