import type { Decision, ResourceInput } from './assessment.js';
import { decision, differences } from './changes.js';
import { problem } from './errors.js';
import type { SeenOrg2OrgApp } from './org2org-app.js';

/** A signing key of the Org2Org app. */
export interface SeenSigningKey {
  readonly kid: string;
  /** Base64 DER. */
  readonly certificate: string;
  readonly thumbprint: string;
  /** ISO 8601; null where Okta does not tell. */
  readonly createdAt: string | null;
  /** Whole days until its certificate expires, as the activity's clock has it. */
  readonly daysLeft: number;
}

/** The keys of the Org2Org app, and the one it signs with. */
export interface SeenSigningKeys {
  readonly activeKid: string | null;
  readonly keys: readonly SeenSigningKey[];
}

/** A key that lies about unused may have lost so many days of its life. */
const daysLostAtMost = 90;

/**
 * Decides whether a new signing key must be made. Okta cannot delete one: a key that was made after the active one, by an
 * attempt whose answer was lost or by a roll-over that was taken back, is used in place of another.
 */
export function decideSigningKey(input: ResourceInput, seen: SeenSigningKeys, validityYears: number): Decision {
  const active = seen.keys.find(({ kid }) => kid === seen.activeKid);
  const since = active?.createdAt ?? null;
  const [spare] = seen.keys
    .filter(({ kid, createdAt, daysLeft }) => {
      const isNewer = since !== null && createdAt !== null && createdAt > since;
      return kid !== seen.activeKid && isNewer && daysLeft >= validityYears * 365 - daysLostAtMost;
    })
    .sort((one, other) => (other.createdAt ?? '').localeCompare(one.createdAt ?? ''));
  const observed = { activeKid: seen.activeKid, kids: seen.keys.map(({ kid }) => kid) };
  if (spare !== undefined) {
    return decision({
      id: spare.kid,
      observed,
      known: { certificate: spare.certificate, certificateThumbprint: spare.thumbprint },
      explanation: `The key ${spare.kid} is there and signs nothing yet.`,
    });
  }
  return decision({
    observed,
    changes: [
      {
        org: input.orgs.idp.name,
        resource: 'org2orgApp',
        write: 'create',
        summary: `Make a new signing key, valid for ${validityYears} years`,
        fields: [{ field: 'validityYears', before: null, after: validityYears }],
        reversible: false,
      },
    ],
    explanation: 'The Org2Org app has no unused key.',
  });
}

/** Decides whether the Org2Org app must be told to sign with the key of the agreed certificate again. */
export function decideAgreedKey(input: ResourceInput, app: SeenOrg2OrgApp, keys: readonly SeenSigningKey[]): Decision {
  const thumbprint = input.known.certificateThumbprint;
  const agreed = keys.find((key) => key.thumbprint === thumbprint && key.daysLeft >= 0);
  if (agreed !== undefined) return decideKeySwitch(input, app, agreed.kid);
  const org = input.orgs.idp.name;
  return decision({
    id: app.id,
    observed: { signingKid: app.signingKid, kids: keys.map(({ kid }) => kid) },
    blockers: [problem('O2O_AGREED_KEY_GONE', { org, thumbprint: thumbprint ?? '' })],
    explanation: 'The app has no valid key with the agreed certificate.',
  });
}

/** Decides whether the Org2Org app must be told to sign with this key. Null: there is no such app. */
export function decideKeySwitch(input: ResourceInput, app: SeenOrg2OrgApp | null, kid: string): Decision {
  const fields = differences([['credentials.signing.kid', app?.signingKid, kid]]);
  return decision({
    id: app?.id ?? null,
    observed: app === null ? null : { signingKid: app.signingKid },
    changes:
      fields.length === 0
        ? []
        : [
            {
              org: input.orgs.idp.name,
              resource: 'org2orgApp',
              write: 'update',
              summary: `Sign with the key ${kid}`,
              fields,
              reversible: true,
            },
          ],
    explanation: fields.length === 0 ? `The app signs with ${kid}.` : 'The app signs with another key.',
  });
}
