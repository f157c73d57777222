import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import type { Org } from '../core/org.js';
import type { Json } from '../core/records.js';
import { asObject, asText, ok, operation } from '../core/routing.js';

/** Registers what an org says about itself. */
export function registerOrgSettings(server: FastifyInstance, org: Org): void {
  operation(server, org, { id: 'getWellknownOrgMetadata', method: 'GET', path: '/.well-known/okta-organization' }, () =>
    ok({
      id: org.id,
      cell: 'sandbox',
      _links: { organization: { href: org.url } },
      pipeline: org.edition,
      settings: {
        analyticsCollectionEnabled: false,
        bugReportingEnabled: true,
        omEnabled: false,
        op4wEnabled: false,
        pssoEnabled: false,
        desktopMFAEnabled: false,
        itpEnabled: false,
      },
    }),
  );
  const path = '/api/v1/org';
  operation(server, org, { id: 'getOrgSettings', method: 'GET', path, scope: 'okta.orgs.read' }, () =>
    ok(orgAnswer(org)),
  );
  for (const [id, method] of [
    ['updateOrgSettings', 'POST'],
    ['replaceOrgSettings', 'PUT'],
  ] as const) {
    operation(server, org, { id, method, path, scope: 'okta.orgs.manage' }, (call) => {
      org.settings.companyName = asText(asObject(call.body).companyName) ?? org.settings.companyName;
      return ok(orgAnswer(org));
    });
  }
}

function orgAnswer(org: Org): Json {
  return {
    id: org.id,
    subdomain: org.name,
    companyName: org.settings.companyName,
    status: 'ACTIVE',
    website: null,
    phoneNumber: null,
    supportPhoneNumber: null,
    endUserSupportHelpURL: null,
    technicalContactID: null,
    billingContactID: null,
    created: org.created,
    lastUpdated: org.created,
    expiresAt: null,
    address1: null,
    address2: null,
    city: null,
    state: null,
    country: null,
    postalCode: null,
    _links: {
      self: link(org, '/org'),
      preferences: link(org, '/org/preferences'),
      uploadLogo: link(org, '/org/logo', 'POST'),
      contacts: link(org, '/org/contacts'),
    },
  };
}
