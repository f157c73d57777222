/** A difference to the recordings that cannot be met by following Okta's rules. */
interface KnownDifference {
  readonly operation: RegExp;
  readonly what: RegExp;
  readonly reason: string;
}

const known: readonly KnownDifference[] = [
  {
    operation: /UserSchema|updateUserProfile/,
    what: /custom\/properties\/(employeeId|empID|empId2) is missing/,
    reason: 'The recorded org had attributes of its own in the user schema; a new org has none.',
  },
  {
    operation: /Application/,
    what: /\/visibility\/appLinks\/\w[\w-]*_link is missing/,
    reason: 'The name of the embed link holds the subdomain of the recorded org.',
  },
  {
    operation: /Application/,
    what: /\/universalLogout is (object, not null|null, not object)/,
    reason: 'Depends on a feature of the org: recorded orgs with it answer an object, those without it null.',
  },
  {
    operation: /Application/,
    what: /\/settings\/signOn\/defaultRelayState is string, not null/,
    reason:
      'Of the same request with an empty relay state most recordings answer an empty text, those of one org null.',
  },
  {
    operation: /createApplication/,
    what: /\/_links\/self is missing/,
    reason: 'Hand-made recording (test_application_features): its ids are none that Okta gives.',
  },
  {
    operation: /createApplication/,
    what: /status 200 instead of 400/,
    reason: 'The recorded org had used up its quota of app instances.',
  },
  {
    operation: /oauth2Token/,
    what: /status 400 instead of 200/,
    reason:
      'The recording does not hold the DPoP header, so that a client that kept its nonce looks like one that has none.',
  },
  {
    operation: /listProfileMappings/,
    what: /status 200 instead of 404/,
    reason:
      'Answer of the recording tool after the end of the recording ({"status":404,"message":"Resource not found"}).',
  },
];

/** Why a difference cannot be avoided; null if no reason is known. */
export function knownDifference(operation: string, what: string): string | null {
  return known.find((entry) => entry.operation.test(operation) && entry.what.test(what))?.reason ?? null;
}
