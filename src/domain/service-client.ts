import type { Candidate, Change, Decision, ResourceInput } from './assessment.js';
import { decision, later } from './changes.js';

/** The OAuth 2.0 service app of the SP org with which the IdP org provisions. */
export interface SeenServiceClient {
  readonly id: string;
  readonly label: string;
  readonly status: string;
  readonly jwksUri: string | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

/** What the SP org shows of the service client: the known one, or those whose keys are those of our connection. */
export interface SeenServiceClients {
  readonly clients: readonly SeenServiceClient[];
}

/** Roles that Org2Org provisioning needs: group administrator and group membership administrator. */
export const serviceClientRoles = ['USER_ADMIN', 'GROUP_MEMBERSHIP_ADMIN'] as const;
export const serviceClientScopes = ['okta.users.manage', 'okta.groups.manage'] as const;

/** Where the SP org finds the public keys of the IdP org's connection. */
export function connectionJwksUri(input: ResourceInput): string | undefined {
  const { org2orgAppId } = input.known;
  return org2orgAppId === undefined
    ? undefined
    : `${input.orgs.idp.url}/api/v1/apps/${org2orgAppId}/connections/default/jwks`;
}

export function serviceClientName(input: ResourceInput): string {
  return `Org2Org provisioning from ${input.orgs.idp.name}`;
}

function candidate(client: SeenServiceClient): Candidate {
  return {
    id: client.id,
    label: client.label,
    facts: { status: client.status, roles: client.roles, scopes: client.scopes },
  };
}

/** Decides what the service client needs: guide, step 4, without a token that changes hands. */
export function decideServiceClient(input: ResourceInput, seen: SeenServiceClients): Decision {
  const org = input.orgs.sp.name;
  if (seen.clients.length > 1) {
    return decision({
      candidates: seen.clients.map(candidate),
      explanation: `${seen.clients.length} service clients in ${org} trust this connection's keys: a person must say which.`,
    });
  }
  const client = seen.clients[0] ?? null;
  const change = (
    write: string,
    summary: string,
    field: string,
    before: string | null,
    after: Change['fields'][number]['after'],
  ): Change => ({
    org,
    resource: 'serviceClient',
    write,
    summary,
    fields: [{ field, before, after }],
    reversible: true,
  });
  const changes: Change[] = [];
  if (client === null) {
    changes.push(
      change(
        'create',
        `Register the service client ${serviceClientName(input)}`,
        'jwks_uri',
        null,
        later(connectionJwksUri(input), 'org2orgApp'),
      ),
    );
  } else if (client.status !== 'ACTIVE') {
    changes.push(change('activate', `Activate ${client.label}`, 'status', client.status, 'ACTIVE'));
  }
  const isSuperAdmin = client?.roles.includes('SUPER_ADMIN') ?? false;
  for (const role of serviceClientRoles) {
    if (!isSuperAdmin && !client?.roles.includes(role))
      changes.push(change('assignRole', `Assign the role ${role}`, 'roles', null, role));
  }
  for (const scope of serviceClientScopes) {
    if (!client?.scopes.includes(scope))
      changes.push(change('grantScope', `Grant the scope ${scope}`, 'grants', null, scope));
  }
  return decision({
    id: client?.id ?? null,
    observed:
      client === null
        ? null
        : {
            label: client.label,
            status: client.status,
            jwksUri: client.jwksUri,
            roles: client.roles,
            scopes: client.scopes,
          },
    changes,
    known: client === null ? {} : { serviceClientId: client.id },
    explanation:
      changes.length === 0
        ? 'The service client has its roles and scopes.'
        : client === null
          ? `${org} has no service client for this connection yet.`
          : 'The service client lacks something.',
  });
}
