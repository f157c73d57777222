/** Reasons in the System Log, in Okta's words. */
export const refusalReasons = {
  invalid: 'Unable to validate incoming SAML Assertion',
  issuer: 'The Issuer in the SAML response did not match the Issuer configured for the Identity Provider',
  signature: "The digital signature in the SAML response did not validate with the Identity Provider's certificate",
  audience:
    'The Identity Provider specified Conditions, but did not designate us as the target for these conditions. ' +
    'Found "{0}", expected "{1}"',
  transform: 'Unable to transform email to username',
  match: 'Unable to match the transformed username',
  userNotFound: 'User Not Found',
  status: 'Unable to Validate User due to Invalid Status',
} as const;

/** Why a sign-on is refused: in Okta's words, and in detail for whoever must find the cause. */
export class SignOnRefused extends Error {
  readonly reason: string;
  readonly detail: string;

  constructor(reason: string, detail: string) {
    super(`${reason}: ${detail}`);
    this.reason = reason.slice(0, 255);
    this.detail = detail.slice(0, 500);
  }
}

/** A refusal of the SAML message itself. */
export function invalidMessage(detail: string): SignOnRefused {
  return new SignOnRefused(refusalReasons.invalid, detail);
}
