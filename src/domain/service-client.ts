import type { Candidate, Change, Decision, ResourceInput } from './assessment.js';
import { decision, differences, type FieldPair, later } from './changes.js';
import type { Fact } from './evidence.js';

/** The OAuth 2.0 service app of the SP org with which the IdP org provisions. */
export interface SeenServiceClient {
  readonly id: string;
  readonly label: string;
  readonly status: string;
  readonly jwksUri: string | null;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** Ids of keys that are registered with the client itself, beside those of its `jwks_uri`. */
  readonly ownKeys?: readonly string[];
  /** How it signs in; what Okta does not show is absent. */
  readonly signIn?: Readonly<Partial<Record<keyof typeof serviceClientSignIn, Fact>>>;
}

/** How a service client signs in, by the names of Okta's client registration: with a key, for itself, without a secret. */
export const serviceClientSignIn = {
  application_type: 'service',
  grant_types: ['client_credentials'],
  response_types: ['token'],
  token_endpoint_auth_method: 'private_key_jwt',
} as const satisfies Record<string, Fact>;

/** What the SP org shows of the service client: the known one, or those whose keys are those of our connection. */
export interface SeenServiceClients {
  readonly clients: readonly SeenServiceClient[];
}

/** Roles that Org2Org provisioning needs: group administrator and group membership administrator. */
export const serviceClientRoles = ['USER_ADMIN', 'GROUP_MEMBERSHIP_ADMIN'] as const;
export const serviceClientScopes = ['okta.users.manage', 'okta.groups.manage'] as const;

/** A custom role is somebody's own choice: it is neither counted on nor taken away. */
const customRole = 'CUSTOM';

/** Roles and scopes that the client has and does not need. */
function excessRights({ roles, scopes }: Pick<SeenServiceClient, 'roles' | 'scopes'>): {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
} {
  const needed: readonly string[] = [...serviceClientRoles, ...serviceClientScopes, customRole];
  const excess = (rights: readonly string[]) => rights.filter((right) => !needed.includes(right));
  return { roles: excess(roles), scopes: excess(scopes) };
}

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

/** What of the registration is not as agreed. Keys of its own go with another `jwks_uri`. */
function registered(input: ResourceInput, { jwksUri, ownKeys = [], signIn }: SeenServiceClient) {
  const uri = connectionJwksUri(input);
  const seen: Readonly<Record<string, Fact>> = { ...serviceClientSignIn, ...signIn };
  return differences([
    ['jwks_uri', jwksUri, later(uri, 'org2orgApp')],
    ...(jwksUri === uri && ownKeys.length > 0 ? [['jwks', ownKeys, []] satisfies FieldPair] : []),
    ...Object.entries(serviceClientSignIn).map(([field, agreed]): FieldPair => [field, seen[field], agreed]),
  ]);
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
    before: Change['fields'][number]['before'],
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
  } else {
    const { label } = client;
    const fields = registered(input, client);
    const names = fields.map(({ field }) => field).join(', ');
    if (fields.length > 0)
      changes.push({
        org,
        resource: 'serviceClient',
        write: 'update',
        summary: `Correct ${names} of ${label}`,
        fields,
        reversible: true,
      });
    if (client.status !== 'ACTIVE')
      changes.push(change('activate', `Activate ${label}`, 'status', client.status, 'ACTIVE'));
  }
  for (const role of serviceClientRoles) {
    if (!client?.roles.includes(role))
      changes.push(change('assignRole', `Assign the role ${role}`, 'roles', null, role));
  }
  for (const scope of serviceClientScopes) {
    if (!client?.scopes.includes(scope))
      changes.push(change('grantScope', `Grant the scope ${scope}`, 'grants', null, scope));
  }
  const excess = excessRights(client ?? { roles: [], scopes: [] });
  for (const role of excess.roles)
    changes.push(change('removeRole', `Take the role ${role} away`, 'roles', role, null));
  for (const scope of excess.scopes)
    changes.push(change('revokeScope', `Revoke the scope ${scope}`, 'grants', scope, null));
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
        ? 'The service client has its roles and scopes, and no others.'
        : client === null
          ? `${org} has no service client for this connection yet.`
          : 'The service client is not as agreed.',
  });
}
