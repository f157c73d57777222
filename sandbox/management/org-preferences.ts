import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json } from '../core/records.js';
import { asObject, asText, type Call, ok, operation } from '../core/routing.js';
import { userOf } from './user-store.js';

const read = 'okta.orgs.read';
const manage = 'okta.orgs.manage';
const path = '/api/v1/org';

/** Registers the preferences, contacts and switches of an org. */
export function registerOrgPreferences(server: FastifyInstance, org: Org): void {
  registerContacts(server, org);
  registerFooter(server, org);
  registerCommunication(server, org);
  registerSwitch(server, org, {
    name: 'thirdPartyAdmin',
    path: `${path}/orgSettings/thirdPartyAdminSetting`,
    operations: ['getThirdPartyAdminSetting', 'updateThirdPartyAdminSetting'],
    method: 'POST',
    standard: false,
  });
  registerSwitch(server, org, {
    name: 'autoAssignAdminAppSetting',
    path: `${path}/settings/autoAssignAdminAppSetting`,
    operations: ['getAutoAssignAdminAppSetting', 'updateAutoAssignAdminAppSetting'],
    method: 'POST',
    standard: true,
  });
  registerSwitch(server, org, {
    name: 'clientPrivilegesSetting',
    path: `${path}/settings/clientPrivilegesSetting`,
    operations: ['getClientPrivilegesSetting', 'assignClientPrivilegesSetting'],
    method: 'PUT',
    standard: false,
  });
}

interface Switch {
  /** The attribute of body and answer. */
  readonly name: string;
  readonly path: string;
  readonly operations: readonly [read: string, write: string];
  readonly method: 'POST' | 'PUT';
  readonly standard: boolean;
}

function registerSwitch(server: FastifyInstance, org: Org, definition: Switch): void {
  const { name, operations, method } = definition;
  let value = definition.standard;
  operation(server, org, { id: operations[0], method: 'GET', path: definition.path, scope: read }, () =>
    ok({ [name]: value }),
  );
  operation(server, org, { id: operations[1], method, path: definition.path, scope: manage }, (call) => {
    const sent = asObject(call.body)[name];
    if (typeof sent !== 'boolean') throw invalid(name, `${name}: The field cannot be left blank`);
    value = sent;
    return ok({ [name]: value });
  });
}

const contactTypes = ['BILLING', 'TECHNICAL'];

function registerContacts(server: FastifyInstance, org: Org): void {
  const contacts = new Map<string, string>();
  const self = (type: string) => `/org/contacts/${type.toLowerCase()}`;
  const typeOf = (call: Call): string => {
    const type = (call.params.contactType ?? '').toUpperCase();
    if (!contactTypes.includes(type)) throw notFound(call.params.contactType ?? '', 'OrgContact');
    return type;
  };
  const answer = (type: string): Json => {
    const userId = contacts.get(type) ?? org.users.all()[0]?.id ?? null;
    return {
      userId,
      _links: { self: link(org, self(type), 'GET', 'PUT'), user: link(org, `/users/${userId}`, 'GET') },
    };
  };
  operation(server, org, { id: 'listOrgContactTypes', method: 'GET', path: `${path}/contacts`, scope: read }, () =>
    ok(contactTypes.map((contactType) => ({ contactType, _links: { self: link(org, self(contactType), 'GET') } }))),
  );
  const one = `${path}/contacts/:contactType`;
  operation(server, org, { id: 'getOrgContactUser', method: 'GET', path: one, scope: read }, (call) =>
    ok(answer(typeOf(call))),
  );
  operation(server, org, { id: 'replaceOrgContactUser', method: 'PUT', path: one, scope: manage }, (call) => {
    const type = typeOf(call);
    contacts.set(type, userOf(org, asText(asObject(call.body).userId) ?? '').id);
    return ok(answer(type));
  });
}

function registerFooter(server: FastifyInstance, org: Org): void {
  let showEndUserFooter = true;
  const answer = (): Json => ({
    showEndUserFooter,
    _links: {
      [showEndUserFooter ? 'hideEndUserFooter' : 'showEndUserFooter']: link(
        org,
        `/org/preferences/${showEndUserFooter ? 'hide' : 'show'}EndUserFooter`,
        'POST',
      ),
    },
  });
  operation(server, org, { id: 'getOrgPreferences', method: 'GET', path: `${path}/preferences`, scope: read }, () =>
    ok(answer()),
  );
  for (const [id, name, shown] of [
    ['setOrgShowOktaUIFooter', 'showEndUserFooter', true],
    ['setOrgHideOktaUIFooter', 'hideEndUserFooter', false],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/preferences/${name}`, scope: manage }, () => {
      showEndUserFooter = shown;
      return ok(answer());
    });
  }
}

function registerCommunication(server: FastifyInstance, org: Org): void {
  let optOutEmailUsers = false;
  const own = `${path}/privacy/oktaCommunication`;
  const answer = (): Json => {
    const next = optOutEmailUsers ? 'optIn' : 'optOut';
    return { optOutEmailUsers, _links: { [next]: link(org, `/org/privacy/oktaCommunication/${next}`, 'POST') } };
  };
  operation(server, org, { id: 'getOktaCommunicationSettings', method: 'GET', path: own, scope: read }, () =>
    ok(answer()),
  );
  for (const [id, name, out] of [
    ['optInUsersToOktaCommunicationEmails', 'optIn', false],
    ['optOutUsersFromOktaCommunicationEmails', 'optOut', true],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${own}/${name}`, scope: manage }, () => {
      optOutEmailUsers = out;
      return ok(answer());
    });
  }
}
