/** A place where Okta's recorded answers, or its own examples, contradict Okta's API description. They win. */
interface Exception {
  readonly operation: RegExp;
  readonly violation: RegExp;
  readonly reason: string;
}

const exceptions: readonly Exception[] = [
  {
    operation: /^(list|create|get|replace|clone)Polic(y|ies)$/,
    violation: /\/_embedded\/resourceType must be object$/,
    reason: '`_embedded.resourceType` of a policy is the text APP.',
  },
  {
    operation: /Application(s|sForGroup)?$/,
    violation:
      /\/settings\/signOn must have required property '(allowMultipleAcsEndpoints|assertionSigned|honorForceAuthn|requestCompressed|responseSigned)'$/,
    reason: 'SAML apps of the catalog answer only the overrides and the attribute statements.',
  },
  {
    operation: /Application(s|sForGroup)?$/,
    violation: /\/name must be equal to one of the allowed values$/,
    reason: "Okta's own apps (saasure, okta_enduser) have the sign-on mode OPENID_CONNECT and names of their own.",
  },
  {
    operation: /Application(s|sForGroup)?$/,
    violation: /\/jwks\/keys\/\d+ must match exactly one schema in oneOf$/,
    reason: 'A key that was sent without `crv` is answered with `crv: null`.',
  },
  {
    operation: /UserSchema$|^updateUserProfile$/,
    violation: /\/unique must be boolean,null$/,
    reason: '`unique` of a schema attribute is a text such as UNIQUE_VALIDATED.',
  },
  {
    operation: /DefaultProvisioningConnectionForApplication$/,
    violation: /^200 \/authScheme must be equal to one of the allowed values$/,
    reason:
      "A connection with OAuth 2.0 answers `authScheme: OAUTH2`, as Okta's guide shows; the description knows TOKEN only.",
  },
  {
    operation: /ApiToken/,
    violation: /\/tokenWindow must match pattern/,
    reason: 'The pattern of the description fits no duration, not even its own example P30D.',
  },
  {
    operation: /Application(s|sForGroup)?$/,
    violation: /\/settings\/app must have required property '(buttonField|passwordField|usernameField|url)'$/,
    reason:
      'The description takes every app of the mode BROWSER_PLUGIN for template_swa; template_swa3field has other settings.',
  },
  {
    operation: /PolicyRules?$/,
    violation: /\/actions\/idp\/providers\/\d+\/type must be equal to one of the allowed values$/,
    reason: 'The default rule routes to the org itself: the provider OKTA, as in the example of the description.',
  },
  {
    operation: /^updateApplicationUser$/,
    violation: /^must match exactly one schema in oneOf$/,
    reason:
      'Every body of updateApplicationUser fits both schemas of the description, also those of its examples: neither requires anything.',
  },
  {
    operation: /^(create|delete)GroupPushMapping$/,
    violation: /^200 status$/,
    reason: 'createGroupPushMapping and deleteGroupPushMapping answer 200.',
  },
  {
    operation: /^assignAppTargetToAdminRoleForGroup$/,
    violation: /^204 status$/,
    reason: 'assignAppTargetToAdminRoleForGroup answers 204.',
  },
];

/** All exceptions, for the documentation. */
export function exceptionReasons(): readonly string[] {
  return exceptions.map((entry) => entry.reason);
}

/** Whether a violation of the API description is one that Okta's own recorded answers have. */
export function isExcepted(operation: string, status: number, violation: string): boolean {
  return exceptions.some(
    (entry) =>
      entry.operation.test(operation) && entry.violation.test(`${status === 0 ? '' : status} ${violation}`.trim()),
  );
}
