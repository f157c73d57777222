import type { KnownValues } from './assessment.js';
import type { Check } from './check.js';
import type { Evidence } from './evidence.js';

/** The IdP org's half of the configuration cross-check. */
export interface IdpSide {
  readonly appStatus: string;
  readonly acsUrl: string | null;
  readonly audRestriction: string | null;
  readonly issuer: string;
  readonly ssoUrl: string;
  readonly thumbprint: string;
  /** Key id with which the app signs. Absent where nobody looked. */
  readonly signingKid?: string | null;
  readonly connectionStatus: string;
  readonly features: { readonly create: string; readonly update: string; readonly deactivate: string } | null;
  readonly evidence: readonly Evidence[];
}

/** The SP org's half. */
export interface SpSide {
  readonly idpStatus: string;
  readonly acsUrl: string | null;
  readonly audience: string | null;
  readonly issuer: string | null;
  readonly ssoUrl: string | null;
  /** Thumbprints of `trust.kid` and `additionalKids`. */
  readonly thumbprints: readonly string[];
}

/** How far a sign-on came: nowhere, signed in at the IdP org, signed in at the SP org, at the target app. */
export const signOnStages = ['nowhere', 'idp', 'sp', 'targetApp'] as const;
export type SignOnStage = (typeof signOnStages)[number];

/** What a browser would have seen while the test user signed on. */
export interface SignOnAttempt {
  /** `untestable`: for example no test user, or a second factor is asked for. */
  readonly result: 'signedOn' | 'failed' | 'untestable';
  readonly detail: string;
  /** How far it came. Absent in attempts that are older than this. */
  readonly reached?: SignOnStage;
  readonly startedAt: string;
  /** Steps on the way: host, path, status. */
  readonly hops: readonly string[];
  readonly checks: readonly Check[];
  readonly evidence: readonly Evidence[];
}

/** What the assertion for the SP org said before it was posted. */
export interface SeenAssertion {
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly destination: string | null;
  readonly certificateThumbprint: string | null;
}

/** Compares an assertion with what the SP org expects: finds the wrong field even where the SP org only says no. */
export function checkAssertion(seen: SeenAssertion, expected: KnownValues): Omit<Check, 'evidence'>[] {
  const fix = 'Send the same PUT again: it enters the value anew.';
  return [
    compare(
      'assertionIssuer',
      'The assertion names the issuer that the SP org expects',
      seen.issuer,
      expected.issuer ?? null,
      fix,
    ),
    compare(
      'assertionAudience',
      'The assertion is for the audience of the SP org',
      seen.audience,
      expected.audience ?? null,
      fix,
    ),
    compare(
      'assertionDestination',
      "The assertion goes to the identity provider's ACS URL",
      seen.destination,
      expected.acsUrl ?? null,
      fix,
    ),
    compare(
      'assertionCertificate',
      'The assertion is signed with the trusted certificate',
      seen.certificateThumbprint,
      expected.certificateThumbprint ?? null,
      fix,
    ),
  ];
}

function compare(
  name: string,
  statement: string,
  left: string | null,
  right: string | null,
  fix: string,
): Omit<Check, 'evidence'> {
  const same = left !== null && left === right;
  return {
    name,
    statement,
    result: same ? 'passed' : 'failed',
    detail: same ? String(left) : `${left ?? 'nothing'} is not ${right ?? 'nothing'}`,
    fix: same ? null : fix,
  };
}

/**
 * Compares what each org holds about the other, field by field. Finds wrong issuer, ACS URL, audience and certificate
 * without any user: the comparison is exact, as Okta's own is.
 *
 * @param namedKid the key that the specification names, `active` where it names none.
 */
export function crossCheckConfiguration(
  idp: IdpSide,
  sp: SpSide,
  wanted: { create: boolean; update: boolean; deactivate: boolean },
  namedKid = 'active',
): Omit<Check, 'evidence'>[] {
  const again = 'Send the same PUT again: it enters the value anew.';
  const trusted = sp.thumbprints.includes(idp.thumbprint);
  const on = (value: boolean) => (value ? 'ENABLED' : 'DISABLED');
  return [
    compare('acsUrl', "The Org2Org app posts to the identity provider's ACS URL", idp.acsUrl, sp.acsUrl, again),
    compare(
      'audience',
      'The assertion names the audience that the SP org expects',
      idp.audRestriction,
      sp.audience,
      again,
    ),
    compare('issuer', 'The SP org expects the issuer that the IdP org sends', sp.issuer, idp.issuer, again),
    compare('ssoUrl', 'The SP org sends sign-ins to the Org2Org app', sp.ssoUrl, idp.ssoUrl, again),
    {
      name: 'certificate',
      statement: 'The SP org trusts the certificate with which the IdP org signs',
      result: trusted ? 'passed' : 'failed',
      detail: trusted
        ? idp.thumbprint
        : `${idp.thumbprint} is not among ${sp.thumbprints.join(', ') || 'no certificates'}`,
      fix: trusted ? null : again,
    },
    ...(namedKid === 'active'
      ? []
      : [
          compare(
            'signingKey',
            'The Org2Org app signs with the key that the specification names',
            idp.signingKid ?? null,
            namedKid,
            'Find out who has changed the key. Send the same PUT again: the app signs with the named key once more. If the new key is wanted, name it under certificate.kid.',
          ),
        ]),
    compare('org2orgAppActive', 'The Org2Org app is active', idp.appStatus, 'ACTIVE', again),
    compare('identityProviderActive', 'The identity provider is active', sp.idpStatus, 'ACTIVE', again),
    compare('connectionEnabled', 'The provisioning connection is on', idp.connectionStatus, 'ENABLED', again),
    compare(
      'provisioningFeatures',
      'Create, update and deactivate are as agreed',
      idp.features === null ? null : `${idp.features.create} ${idp.features.update} ${idp.features.deactivate}`,
      `${on(wanted.create)} ${on(wanted.update)} ${on(wanted.deactivate)}`,
      again,
    ),
  ];
}
