import type { FastifyInstance } from 'fastify';
import { link } from '../core/links.js';
import { notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json } from '../core/records.js';
import { type Call, ok, operation } from '../core/routing.js';
import { effectiveRolesOf } from './roles.js';
import { userOf } from './user-store.js';

const notificationTypes = [
  'AD_AGENT',
  'AGENT_AUTO_UPDATE_NOTIFICATION',
  'AGENT_AUTO_UPDATE_NOTIFICATION_LDAP',
  'APP_IMPORT',
  'CONNECTOR_AGENT',
  'IWA_AGENT',
  'LDAP_AGENT',
  'OKTA_ANNOUNCEMENT',
  'OKTA_UPDATE',
  'RATELIMIT_NOTIFICATION',
  'REPORT_SUSPICIOUS_ACTIVITY',
  'USER_DEPROVISION',
];

/** Registers which mails of Okta an administrator gets. Who is no administrator has no subscriptions. */
export function registerUserSubscriptions(server: FastifyInstance, org: Org): void {
  /** `{user id} {type}` of what was switched off. */
  const unsubscribed = new Set<string>();
  const path = '/api/v1/users/:id/subscriptions';
  const administrator = (call: Call): string => {
    const { id } = userOf(org, call.params.id ?? '', call.actor);
    if (effectiveRolesOf(org, id).length === 0) throw notFound(id, 'Subscription');
    return id;
  };
  const typeOf = (call: Call): string => {
    const type = call.params.notificationType ?? '';
    if (!notificationTypes.includes(type)) throw notFound(type, 'Subscription');
    return type;
  };
  const answer = (userId: string, notificationType: string): Json => {
    const off = unsubscribed.has(`${userId} ${notificationType}`);
    const self = `/users/${userId}/subscriptions/${notificationType}`;
    const next = off ? 'subscribe' : 'unsubscribe';
    return {
      notificationType,
      channels: ['email'],
      status: off ? 'unsubscribed' : 'subscribed',
      _links: { self: link(org, self, 'GET'), [next]: link(org, `${self}/${next}`, 'POST') },
    };
  };
  operation(server, org, { id: 'listSubscriptionsUser', method: 'GET', path, scope: 'okta.users.read' }, (call) => {
    const id = administrator(call);
    return ok(notificationTypes.map((type) => answer(id, type)));
  });
  const one = `${path}/:notificationType`;
  operation(
    server,
    org,
    { id: 'getSubscriptionsNotificationTypeUser', method: 'GET', path: one, scope: 'okta.users.read' },
    (call) => ok(answer(administrator(call), typeOf(call))),
  );
  for (const [id, name] of [
    ['subscribeByNotificationTypeUser', 'subscribe'],
    ['unsubscribeByNotificationTypeUser', 'unsubscribe'],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${one}/${name}`, scope: 'okta.users.manage' }, (call) => {
      const key = `${administrator(call)} ${typeOf(call)}`;
      if (name === 'subscribe') unsubscribed.delete(key);
      else unsubscribed.add(key);
      return ok({});
    });
  }
}
