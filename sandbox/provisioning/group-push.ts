import { z } from 'zod';
import type { Org } from '../core/org.js';
import type { App, GroupPushMapping } from '../core/records.js';
import { asText } from '../core/routing.js';
import { systemActor } from '../core/system-log.js';
import { type ConnectionClient, ConnectionFailed } from './connection-client.js';
import { appTarget, PushFailed, requireSuccess } from './outcome.js';

const TargetGroup = z.looseObject({ id: z.string(), profile: z.looseObject({ name: z.string() }) });
const Members = z.array(z.looseObject({ id: z.string() }));

/** Creates or updates the pushed group in the other org and gives it the members that are provisioned there. */
export async function pushGroup(
  org: Org,
  app: App,
  client: ConnectionClient,
  mapping: GroupPushMapping,
): Promise<void> {
  const source = org.groups.get(mapping.sourceGroupId);
  if (source === undefined || mapping.status === 'INACTIVE') return;
  try {
    const name = mapping.targetGroupName ?? asText(source.profile.name) ?? '';
    const description = asText(source.profile.description) ?? '';
    mapping.targetGroupId ??= await findOrCreate(client, name, description);
    await pushMembers(org, app, client, mapping, mapping.targetGroupId);
    mapping.status = 'ACTIVE';
    mapping.errorSummary = null;
    mapping.lastPush = org.clock.iso();
    logGroup(org, app, mapping, null);
  } catch (error) {
    if (!isExpected(error)) throw error;
    mapping.status = 'ERROR';
    mapping.errorSummary = error.message;
    logGroup(org, app, mapping, error.message);
  }
  mapping.lastUpdated = org.clock.iso();
}

/** Deletes the pushed group in the other org. */
export async function deletePushedGroup(
  org: Org,
  app: App,
  client: ConnectionClient,
  targetGroupId: string,
): Promise<void> {
  let reason: string | null = null;
  try {
    const answer = await client.call('DELETE', `/api/v1/groups/${targetGroupId}`);
    if (answer.status !== 404) requireSuccess(answer, 'Error while deleting the group');
  } catch (error) {
    if (!isExpected(error)) throw error;
    reason = error.message;
  }
  org.log.write({
    eventType: 'application.provision.group_push.delete_appgroup',
    actor: systemActor,
    target: [appTarget(app)],
    outcome: { result: reason === null ? 'SUCCESS' : 'FAILURE', reason },
  });
}

async function findOrCreate(client: ConnectionClient, name: string, description: string): Promise<string> {
  const found = await client.call('GET', `/api/v1/groups?q=${encodeURIComponent(name)}&limit=100`);
  const groups = z.array(TargetGroup).parse(requireSuccess(found, 'Error while looking up the group').body);
  const same = groups.find((group) => group.profile.name === name);
  if (same !== undefined) return same.id;
  const made = await client.call('POST', '/api/v1/groups', { profile: { name, description } });
  return TargetGroup.parse(requireSuccess(made, 'Error while creating the group').body).id;
}

async function pushMembers(
  org: Org,
  app: App,
  client: ConnectionClient,
  mapping: GroupPushMapping,
  targetGroupId: string,
): Promise<void> {
  const path = `/api/v1/groups/${targetGroupId}/users`;
  const wanted = new Set(provisionedMembers(org, app, mapping.sourceGroupId));
  const answer = await client.call('GET', `${path}?limit=1000`);
  const present = new Set(
    Members.parse(requireSuccess(answer, 'Error while reading the members').body).map((member) => member.id),
  );
  for (const id of wanted) {
    if (!present.has(id)) requireSuccess(await client.call('PUT', `${path}/${id}`), 'Error while adding a member');
  }
  for (const id of present) {
    if (!wanted.has(id)) requireSuccess(await client.call('DELETE', `${path}/${id}`), 'Error while removing a member');
  }
}

function provisionedMembers(org: Org, app: App, groupId: string): string[] {
  const appUsers = org.appUsers.get(app.id)?.all() ?? [];
  return appUsers
    .filter(({ id }) => groupId === org.everyoneGroupId || (org.groupsOfUser.get(id)?.has(groupId) ?? false))
    .map((appUser) => appUser.externalId)
    .filter((id) => id !== null);
}

function logGroup(org: Org, app: App, mapping: GroupPushMapping, reason: string | null): void {
  const group = org.groups.get(mapping.sourceGroupId);
  const name = asText(group?.profile.name) ?? mapping.sourceGroupId;
  org.log.write({
    eventType: 'application.provision.group_push.pushed',
    actor: systemActor,
    target: [{ id: mapping.sourceGroupId, type: 'UserGroup', alternateId: name, displayName: name }, appTarget(app)],
    outcome: { result: reason === null ? 'SUCCESS' : 'FAILURE', reason: reason?.slice(0, 255) ?? null },
  });
}

function isExpected(error: unknown): error is Error {
  return error instanceof PushFailed || error instanceof ConnectionFailed || error instanceof z.ZodError;
}
