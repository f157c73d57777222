import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders, pageOf } from '../core/pagination.js';
import type { GroupRule, Json } from '../core/records.js';
import { asObject, asText, asTexts, type Call, noContent, ok, operation } from '../core/routing.js';
import { type LogTarget, systemActor } from '../core/system-log.js';
import { evaluate } from './expressions.js';
import { addMember, removeMember } from './group-members.js';

const manage = 'okta.groups.manage';
const read = 'okta.groups.read';
const limits: PageLimits = { standard: 50, most: 200, selfWithLimit: true };
const mostGroups = 3;

/** Registers group rules and lets them follow users. */
export function registerGroupRules(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/groups/rules';
  const rule = (call: Call): GroupRule => {
    const found = org.groupRules.get(call.params.ruleId ?? '');
    if (found === undefined) throw notFound(call.params.ruleId ?? '', 'GroupRule');
    return found;
  };
  operation(server, org, { id: 'listGroupRules', method: 'GET', path, scope: read }, (call) => {
    const search = call.query.search?.toLowerCase() ?? '';
    const page = pageOf(call, org.groupRules, limits, /^0pr/, (entry) => entry.name.toLowerCase().includes(search));
    return ok(page.items.map(ruleAnswer), pageHeaders(call, page.next, limits));
  });
  operation(server, org, { id: 'createGroupRule', method: 'POST', path, scope: manage }, (call) => {
    const now = org.clock.iso();
    const added = org.groupRules.add({
      id: newId('0pr'),
      status: 'INACTIVE',
      created: now,
      lastUpdated: now,
      allGroupsValid: true,
      ...checkedRule(org, asObject(call.body)),
    });
    return ok(ruleAnswer(added));
  });
  operation(server, org, { id: 'getGroupRule', method: 'GET', path: `${path}/:ruleId`, scope: read }, (call) =>
    ok(ruleAnswer(rule(call))),
  );
  operation(server, org, { id: 'replaceGroupRule', method: 'PUT', path: `${path}/:ruleId`, scope: manage }, (call) => {
    const found = rule(call);
    if (found.status === 'ACTIVE') throw invalid('status', 'Rule cannot be updated while it is active.');
    Object.assign(found, checkedRule(org, asObject(call.body), found), { lastUpdated: org.clock.iso() });
    return ok(ruleAnswer(found));
  });
  operation(
    server,
    org,
    { id: 'deleteGroupRule', method: 'DELETE', path: `${path}/:ruleId`, scope: manage },
    (call) => {
      const found = rule(call);
      if (found.status === 'ACTIVE')
        throw new OktaError('E0000001', 'status', ['Rule cannot be deleted while it is active.']);
      if (call.query.removeUsers === 'true') applyRule(org, found, false);
      org.groupRules.delete(found.id);
      return { status: 202 };
    },
  );
  operation(
    server,
    org,
    { id: 'activateGroupRule', method: 'POST', path: `${path}/:ruleId/lifecycle/activate`, scope: manage },
    (call) => {
      const found = rule(call);
      found.status = 'ACTIVE';
      found.lastUpdated = org.clock.iso();
      org.log.write({
        eventType: 'group.user_membership.rule.trigger',
        actor: call.actor,
        target: [ruleTarget(found)],
      });
      org.background.schedule('reconciliation', () => applyRule(org, found, true), `rule ${found.id}`);
      return noContent();
    },
  );
  operation(
    server,
    org,
    { id: 'deactivateGroupRule', method: 'POST', path: `${path}/:ruleId/lifecycle/deactivate`, scope: manage },
    (call) => {
      const found = rule(call);
      found.status = 'INACTIVE';
      found.lastUpdated = org.clock.iso();
      org.log.write({
        eventType: 'group.user_membership.rule.deactivated',
        actor: call.actor,
        target: [ruleTarget(found)],
      });
      return noContent();
    },
  );
  org.events.subscribe((event) => {
    if (org.groupRules.size === 0) return;
    if (event.type === 'user.created' || event.type === 'user.updated' || event.type === 'user.activated') {
      org.background.schedule('reconciliation', () => followRules(org, event.userId), `user ${event.userId}`);
    }
  });
}

function ruleTarget(rule: GroupRule): LogTarget {
  return { id: rule.id, type: 'Rule', alternateId: 'unknown', displayName: rule.name };
}

type Checked = Pick<GroupRule, 'name' | 'conditions' | 'groupIds'>;

function checkedRule(org: Org, body: Json, rule?: GroupRule): Checked {
  const name = asText(body.name) ?? '';
  if (name.trim() === '' || name.length > 50)
    throw invalid('name', 'name: The field must be between 1 and 50 characters');
  const owner = org.groupRules.find((entry) => entry.name === name);
  if (owner !== undefined && owner !== rule)
    throw invalid('name', 'name: An object with this field already exists in the current organization');
  const conditions = asObject(body.conditions);
  const expression = asText(asObject(conditions.expression).value) ?? '';
  if (expression === '')
    throw invalid('conditions.expression', 'conditions.expression: The field cannot be left blank');
  const groupIds = asTexts(asObject(asObject(body.actions).assignUserToGroups).groupIds);
  if (groupIds.length === 0 || groupIds.length > mostGroups)
    throw invalid('groupIds', `groupIds: 1 to ${mostGroups} groups must be given.`);
  for (const id of groupIds)
    if (org.groups.get(id)?.type !== 'OKTA_GROUP')
      throw invalid('groupIds', `groupIds: ${id} is not a group of this org.`);
  return { name, conditions, groupIds };
}

function fits(org: Org, rule: GroupRule, userId: string): boolean {
  const user = org.users.get(userId);
  if (user === undefined || user.status === 'DEPROVISIONED') return false;
  const people = asObject(rule.conditions.people);
  if (asTexts(asObject(people.users).exclude).includes(userId)) return false;
  return evaluate(String(asObject(rule.conditions.expression).value), { user: user.profile }) === true;
}

/** Puts all users that fit into the rule's groups, or takes them out. */
function applyRule(org: Org, rule: GroupRule, join: boolean): void {
  for (const user of org.users.all()) {
    if (!fits(org, rule, user.id)) continue;
    for (const id of rule.groupIds) {
      const group = org.groups.get(id);
      if (group === undefined) continue;
      if (join) addMember(org, group, user, systemActor);
      else removeMember(org, group, user, systemActor);
    }
  }
}

function followRules(org: Org, userId: string): void {
  const user = org.users.get(userId);
  if (user === undefined) return;
  for (const rule of org.groupRules.all()) {
    if (rule.status !== 'ACTIVE') continue;
    const wanted = fits(org, rule, userId);
    for (const id of rule.groupIds) {
      const group = org.groups.get(id);
      if (group === undefined) continue;
      if (wanted) addMember(org, group, user, systemActor);
      else removeMember(org, group, user, systemActor);
    }
  }
}

function ruleAnswer(rule: GroupRule): Json {
  return {
    type: 'group_rule',
    id: rule.id,
    status: rule.status,
    name: rule.name,
    created: rule.created,
    lastUpdated: rule.lastUpdated,
    conditions: rule.conditions,
    actions: { assignUserToGroups: { groupIds: rule.groupIds } },
  };
}
