import type { Candidate, Decision, FieldValue, ResourceInput } from './assessment.js';
import { corrections, decision, differences, type FieldPair, later } from './changes.js';
import type { Fact } from './evidence.js';

/** A SAML 2.0 identity provider of the SP org. */
export interface SeenIdentityProvider {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly issuer: string | null;
  readonly ssoUrl: string | null;
  readonly destination: string | null;
  readonly binding: string | null;
  readonly kid: string | null;
  readonly audience: string | null;
  readonly acsUrl: string | null;
  readonly acsType: string | null;
  readonly accountLink: string | null;
  readonly subjectTemplate: string | null;
  readonly subjectMatch: string | null;
  readonly subjectFilter: string | null;
  readonly jit: string | null;
  readonly profileMaster: boolean | null;
  readonly deprovisionedAction: string | null;
  readonly suspendedAction: string | null;
  readonly maxClockSkew: number | null;
  /** Certificates that are trusted besides the agreed one. */
  readonly additionalKids?: readonly string[];
  /** What Okta shows of fields that no specification decides; absent where it does not show one. */
  readonly fixed?: Readonly<Partial<Record<FixedField, Fact>>>;
}

/** Fields that are the same in every federation, by the path under which Okta keeps them, and their values. */
export const fixedFields = {
  issuerMode: 'ORG_URL',
  'protocol.endpoints.acs.binding': 'HTTP-POST',
  'protocol.algorithms.request.signature.algorithm': 'SHA-256',
  'protocol.algorithms.request.signature.scope': 'REQUEST',
  'protocol.algorithms.response.signature.algorithm': 'SHA-256',
  'protocol.algorithms.response.signature.scope': 'ANY',
  'protocol.settings.nameFormat': 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  'protocol.settings.honorPersistentNameId': true,
  'protocol.relayState.format': 'FROM_URL',
  'policy.provisioning.groups.action': 'NONE',
  'policy.accountLink.filter': null,
} as const satisfies Record<string, Fact>;
export type FixedField = keyof typeof fixedFields;

/** What the SP org shows of the identity provider. */
export interface SeenIdentityProviders {
  readonly known: SeenIdentityProvider | null;
  /** All SAML 2.0 identity providers of the org, if none is known. */
  readonly all: readonly SeenIdentityProvider[];
}

const additionalKids = 'protocol.credentials.trust.additionalKids';

/** Okta's expression for the subject of the assertion, as the guide enters it. */
const subjectNameId = 'idpuser.subjectNameId';

/**
 * Every field that the specification decides, with the path under which Okta keeps it.
 *
 * `profileMaster` stays false and both conditions stay NONE: mastering by sign-in breaks later pushes, and the
 * other actions would undo a deactivation at the next sign-in. Only the agreed certificate is trusted. A fixed field
 * that Okta does not show counts as agreed.
 */
export function identityProviderFields(input: ResourceInput, seen: SeenIdentityProvider | null): FieldPair[] {
  const { identityProvider: spec } = input.spec;
  const issuer = later(input.known.issuer, 'samlMetadata');
  const ssoUrl = later(input.known.ssoUrl, 'samlMetadata');
  const fixed = Object.entries(fixedFields).map(([field, value]): FieldPair => {
    const shown = seen?.fixed?.[field as FixedField];
    return [field, seen === null || shown === undefined ? value : shown, value];
  });
  const alsoTrusted = seen?.additionalKids ?? [];
  return [
    ['name', seen?.name, spec.name],
    ['protocol.credentials.trust.issuer', seen?.issuer, issuer],
    ['protocol.credentials.trust.kid', seen?.kid, later(input.known.trustedKeyId, 'trustedCertificate')],
    ['protocol.endpoints.sso.url', seen?.ssoUrl, ssoUrl],
    ['protocol.endpoints.sso.destination', seen?.destination, ssoUrl],
    ['protocol.endpoints.sso.binding', seen?.binding, 'HTTP-POST'],
    ['protocol.endpoints.acs.type', seen?.acsType, 'INSTANCE'],
    ['policy.subject.userNameTemplate.template', seen?.subjectTemplate, subjectNameId],
    ['policy.subject.matchType', seen?.subjectMatch, spec.subjectMatch],
    ['policy.subject.filter', seen?.subjectFilter, spec.subjectFilter],
    ['policy.accountLink.action', seen?.accountLink, spec.accountLink],
    ['policy.provisioning.action', seen?.jit, spec.jit ? 'AUTO' : 'DISABLED'],
    ['policy.provisioning.profileMaster', seen?.profileMaster, false],
    ['policy.provisioning.conditions.deprovisioned.action', seen?.deprovisionedAction, 'NONE'],
    ['policy.provisioning.conditions.suspended.action', seen?.suspendedAction, 'NONE'],
    ['policy.maxClockSkew', seen?.maxClockSkew, spec.maxClockSkew],
    ...(alsoTrusted.length > 0 ? ([[additionalKids, alsoTrusted, []]] as const) : []),
    ...fixed,
  ];
}

function candidate(found: SeenIdentityProvider): Candidate {
  return {
    id: found.id,
    label: found.name,
    facts: { status: found.status, issuer: found.issuer, ssoUrl: found.ssoUrl },
  };
}

/** Those that could be meant: same issuer; without one, same name (Okta allows a name only once). */
function fitting(
  input: ResourceInput,
  all: readonly SeenIdentityProvider[],
): { one: SeenIdentityProvider | null; ask: readonly SeenIdentityProvider[] } {
  const sameIssuer = all.filter((found) => input.known.issuer !== undefined && found.issuer === input.known.issuer);
  if (sameIssuer.length === 1) return { one: sameIssuer[0] ?? null, ask: [] };
  if (sameIssuer.length > 1) return { one: null, ask: sameIssuer };
  const sameName = all.filter((found) => found.name === input.spec.identityProvider.name);
  return { one: null, ask: sameName };
}

/** Decides what the SAML identity provider needs: guide, step 3. */
export function decideIdentityProvider(input: ResourceInput, seen: SeenIdentityProviders): Decision {
  const org = input.orgs.sp.name;
  const { name } = input.spec.identityProvider;
  const { one, ask } = fitting(input, seen.all);
  const found = seen.known ?? one;
  if (found === null && ask.length > 0) {
    return decision({
      candidates: ask.map(candidate),
      explanation: `${ask.length} identity provider(s) in ${org} could be meant: a person must say which.`,
    });
  }
  if (found === null) {
    const fields = identityProviderFields(input, null).map(([field, , after]) => ({ field, before: null, after }));
    return decision({
      changes: [
        {
          org,
          resource: 'identityProvider',
          write: 'create',
          summary: `Add the SAML identity provider ${name}`,
          fields,
          reversible: true,
        },
      ],
      explanation: `${org} has no identity provider for this issuer yet.`,
    });
  }
  const changes = corrections(
    org,
    'identityProvider',
    { label: found.name, status: found.status },
    differences(identityProviderFields(input, found)),
  );
  return decision({
    id: found.id,
    observed: {
      name: found.name,
      status: found.status,
      issuer: found.issuer,
      acsUrl: found.acsUrl,
      audience: found.audience,
      kid: found.kid,
    },
    changes,
    known: {
      identityProviderId: found.id,
      ...(found.acsUrl === null ? {} : { acsUrl: found.acsUrl }),
      ...(found.audience === null ? {} : { audience: found.audience }),
    },
    explanation: changes.length === 0 ? `${found.name} is there and active.` : `${found.name} is there but differs.`,
  });
}

/** Sets the value at a dotted path of a JSON object, making objects on the way. */
export function setPath(target: Record<string, unknown>, path: string, value: FieldValue): void {
  const keys = path.split('.');
  const last = keys.pop();
  let place = target;
  for (const key of keys) {
    const next = place[key];
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) {
      place = next as Record<string, unknown>;
    } else {
      const made: Record<string, unknown> = {};
      place[key] = made;
      place = made;
    }
  }
  if (last !== undefined) place[last] = value;
}
