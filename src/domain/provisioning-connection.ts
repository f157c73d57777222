import type { Change, Decision, FieldValue, ResourceInput } from './assessment.js';
import { decision, differences, later } from './changes.js';
import { problem } from './errors.js';

/** The provisioning connection of the Org2Org app. */
export interface SeenConnection {
  readonly status: string;
  readonly authScheme: string;
  readonly clientId: string | null;
  /** How Okta rotates the key of the connection; absent where it does not say. */
  readonly rotationMode?: string | null;
}

/**
 * What the connection shows, and with a token the fingerprint of the token that the reference now leads to (Okta never
 * returns a token, so only the fingerprint tells whether it was replaced).
 */
export interface SeenProvisioningConnection {
  readonly connection: SeenConnection | null;
  readonly tokenFingerprint: string | null;
}

/** What Okta shows for an app whose connection its API does not manage: it would accept every write and do nothing. */
const unmanaged = 'UNKNOWN';

/** Decides what the connection needs: guide, step 4, "Test API Credentials" included: Okta tests them on activation. */
export function decideProvisioningConnection(input: ResourceInput, seen: SeenProvisioningConnection): Decision {
  const org = input.orgs.idp.name;
  const { connection, tokenFingerprint } = seen;
  if (connection?.authScheme === unmanaged) {
    const { status, authScheme } = connection;
    return decision({
      id: input.known.org2orgAppId ?? null,
      observed: { status, authScheme, clientId: connection.clientId },
      blockers: [problem('O2O_CONNECTION_INACTIVE', { org, status, authScheme })],
      explanation: `The API of ${org} cannot manage the connection of this app.`,
    });
  }
  const oauth2 = input.spec.provisioning.auth === 'oauth2';
  const clientId: FieldValue = oauth2 ? later(input.known.serviceClientId, 'serviceClient') : null;
  const scheme = oauth2 ? 'OAUTH2' : 'TOKEN';
  const replaced =
    !oauth2 && input.known.tokenFingerprint !== undefined && input.known.tokenFingerprint !== tokenFingerprint;
  const connectFields = differences([
    ['authScheme', connection?.authScheme, scheme],
    ['profile.clientId', connection?.clientId, clientId],
    ...(oauth2 && connection?.rotationMode != null
      ? ([['profile.signing.rotationMode', connection.rotationMode, 'AUTO']] as const)
      : []),
    ...(replaced
      ? ([['profile.token', 'the earlier token', 'the token that the reference leads to now']] as const)
      : []),
  ]);
  const inactive = connection?.status !== 'ENABLED';
  const changes: Change[] = [];
  if (connectFields.length > 0 || (!oauth2 && inactive)) {
    changes.push({
      org,
      resource: 'provisioningConnection',
      write: 'connect',
      summary: oauth2
        ? 'Connect provisioning by OAuth 2.0 and have Okta test the credentials'
        : 'Connect provisioning by API token and have Okta test it',
      fields: [
        ...connectFields,
        ...(inactive ? [{ field: 'status', before: connection?.status ?? null, after: 'ENABLED' }] : []),
      ],
      reversible: true,
    });
  } else if (inactive) {
    changes.push({
      org,
      resource: 'provisioningConnection',
      write: 'activate',
      summary: 'Activate the connection; Okta tests the credentials',
      fields: [{ field: 'status', before: connection?.status ?? null, after: 'ENABLED' }],
      reversible: true,
    });
  }
  return decision({
    id: input.known.org2orgAppId ?? null,
    observed:
      connection === null
        ? null
        : { status: connection.status, authScheme: connection.authScheme, clientId: connection.clientId },
    changes,
    known: changes.length === 0 && tokenFingerprint !== null ? { tokenFingerprint } : {},
    explanation:
      changes.length === 0 ? `Provisioning is connected by ${scheme}.` : 'Provisioning is not connected as agreed.',
  });
}
