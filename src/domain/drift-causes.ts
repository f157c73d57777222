import type { Assessment, Change, ResourceInput, ResourceName } from './assessment.js';

/** System Log events that tell of a change of a resource, by the beginning of their type. */
const eventsOf: Readonly<Record<ResourceName, readonly string[]>> = {
  targetApp: ['application.lifecycle.'],
  org2orgApp: ['application.lifecycle.'],
  samlMetadata: ['application.lifecycle.'],
  trustedCertificate: ['system.idp.key.'],
  identityProvider: ['system.idp.lifecycle.'],
  samlTrust: ['application.lifecycle.'],
  serviceClient: ['application.lifecycle.', 'app.oauth2.', 'user.account.privilege.'],
  provisioningConnection: ['application.configuration.'],
  provisioningFeatures: ['application.configuration.', 'application.lifecycle.'],
  assignments: ['group.application_assignment.', 'application.user_membership.'],
  accessGroup: ['group.lifecycle.', 'group.profile.', 'group.application_assignment.'],
};

/**
 * Ids of the objects whose change would explain that a resource differs: the agreed object and the one found in its place, and
 * whoever was assigned to it.
 */
function objects({ known }: ResourceInput, { resource, id, changes }: Assessment): readonly string[] {
  const text = (value: Change['fields'][number]['after']) => (typeof value === 'string' ? [value] : []);
  if (resource === 'assignments')
    return changes.flatMap(({ fields: [first] }) => (first === undefined ? [] : text(first.after)));
  const usual: Partial<Record<ResourceName, string | undefined>> = {
    targetApp: known.targetAppId,
    org2orgApp: known.org2orgAppId,
    samlTrust: known.org2orgAppId,
    trustedCertificate: known.trustedKeyId,
    identityProvider: known.identityProviderId,
    serviceClient: known.serviceClientId,
    provisioningConnection: known.org2orgAppId,
    provisioningFeatures: known.org2orgAppId,
    accessGroup: known.accessGroupId,
  };
  return [...new Set([usual[resource] ?? id, id])].filter((each) => each !== null);
}

/** What tells of a group's assignment to an app: the question, and the app that its answer must be about. */
export interface AssignmentQuestion {
  readonly field: string;
  readonly filter: string;
  readonly appId: string;
}

/** The questions of who has assigned groups beyond the agreement, one per group. */
export function assignmentQuestions(
  { known }: ResourceInput,
  { resource, id, surplus = [] }: Assessment,
): readonly AssignmentQuestion[] {
  const appId = resource === 'assignments' ? known.org2orgAppId : id;
  return surplus.slice(0, mostObjects).flatMap(({ field }) => {
    const groupId = /^groups\.(00g\w+)$/.exec(field)?.[1];
    if (groupId === undefined || appId == null) return [];
    const filter = `target.id eq "${groupId}" and eventType sw "group.application_assignment." and outcome.result eq "SUCCESS"`;
    return [{ field, filter, appId }];
  });
}

/** The most objects that one question names: the address must stay short. */
const mostObjects = 20;

/** The question to the System Log of what has changed a resource; null where nothing is known to ask for. */
export function causeFilter(input: ResourceInput, differing: Assessment): string | null {
  const ids = objects(input, differing).slice(0, mostObjects);
  if (ids.length === 0) return null;
  const targets = ids.map((id) => `target.id eq "${id}"`).join(' or ');
  const events = eventsOf[differing.resource].map((type) => `eventType sw "${type}"`).join(' or ');
  return `(${targets}) and (${events}) and outcome.result eq "SUCCESS"`;
}
