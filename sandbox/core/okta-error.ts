/** Error codes that the sandbox answers with: status and summary as in Okta's catalogue. */
export const errorCodes = {
  E0000001: [400, 'Api validation failed: {0}'],
  E0000002: [400, 'The request was not valid: {0}'],
  E0000003: [400, 'The request body was not well-formed.'],
  E0000004: [401, 'Authentication failed'],
  E0000005: [403, 'Invalid session'],
  E0000006: [403, 'You do not have permission to perform the requested action'],
  E0000007: [404, 'Not found: {0}'],
  E0000008: [404, 'The requested path was not found'],
  E0000009: [500, 'Internal Server Error'],
  E0000010: [503, 'Service is in read only mode'],
  E0000011: [401, 'Invalid token provided'],
  E0000014: [403, 'Update of credentials failed'],
  E0000015: [401, 'You do not have permission to access the feature you are requesting'],
  E0000016: [403, 'Activation failed because the user is already active'],
  E0000017: [403, 'Password reset failed'],
  E0000018: [400, 'Bad request.  Accept and/or Content-Type headers are likely not set.'],
  E0000019: [400, 'Bad request.  Accept and/or Content-Type headers likely do not match supported values.'],
  E0000020: [400, 'Bad request.'],
  E0000021: [400, 'Bad request.  Accept and/or Content-Type headers likely do not match supported values.'],
  E0000022: [405, 'The endpoint does not support the provided HTTP method'],
  E0000023: [403, 'Operation failed because user profile is mastered under another system'],
  E0000028: [400, 'The request is missing a required parameter.'],
  E0000029: [400, 'Invalid paging request.'],
  E0000030: [
    400,
    "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, e.g. 2013-01-01T12:00:00.000-07:00.",
  ],
  E0000031: [400, 'Invalid search criteria.'],
  E0000032: [403, 'Unlock is not allowed for this user.'],
  E0000033: [400, "Bad request. Can't specify a search query and filter in the same request."],
  E0000034: [403, 'Forgot password not allowed on specified user.'],
  E0000035: [403, 'Change password not allowed on specified user.'],
  E0000036: [403, 'Change recovery question not allowed on specified user.'],
  E0000037: [400, 'Type mismatch exception.  {0}'],
  E0000038: [403, "This operation is not allowed in the user's current status."],
  E0000039: [403, 'Operation on application settings failed.'],
  E0000040: [400, 'Application label must not be the same as an existing application label.'],
  E0000041: [400, 'Credentials should not be set on this resource based on the scheme.'],
  E0000046: [403, 'Deactivate application for user forbidden.'],
  E0000047: [429, 'API call exceeded rate limit due to too many requests.'],
  E0000048: [404, 'Entity not found exception.'],
  E0000053: [400, 'Invalid SCIM filter.'],
  E0000054: [400, 'Invalid pagination properties.'],
  E0000055: [409, 'Duplicate group.'],
  E0000056: [403, 'Delete application forbidden.'],
  E0000057: [403, 'Access to this application is denied due to a policy.'],
  E0000060: [501, 'Unsupported operation.'],
  E0000062: [409, 'The specified user is already assigned to the application.'],
  E0000068: [403, 'Invalid Passcode/Answer'],
  E0000069: [403, 'User Locked'],
  E0000075: [403, 'Cannot modify the {0} attribute because it has a field mapping and profile push is enabled.'],
  E0000076: [405, 'Cannot modify the app user because it is mastered by an external app.'],
  E0000077: [403, 'Cannot modify the {0} attribute because it is read-only.'],
  E0000079: [403, 'This operation is not allowed in the current authentication state.'],
  E0000080: [403, 'The password does not meet the complexity requirements of the current password policy.'],
  E0000085: [403, 'You do not have permission to access your account at this time.'],
  E0000086: [403, 'This policy cannot be activated at this time.'],
  E0000087: [403, 'The recovery question answer did not match our records.'],
  E0000090: [409, 'The role specified is already assigned to the user.'],
  E0000091: [400, 'The provided role type was not the same as required role type.'],
  E0000094: [400, 'The provided filter is unsupported.'],
  E0000096: [409, 'This certificate has already been uploaded with kid={0}.'],
  E0000112: [409, 'Cannot update this user because they are still being activated. Please try again in a few minutes.'],
  E0000117: [403, 'Cannot assign apps or update app profiles for an inactive user.'],
  E0000124: [
    400,
    'Could not create user. To create a user and expire their password immediately, a password must be specified',
  ],
  E0000125: [
    400,
    'Could not create user. To create a user and expire their password immediately, "activate" must be true',
  ],
  E0000127: [409, 'Invalid linked objection definition. {0}'],
  E0000142: [403, 'This User Type cannot be deleted.'],
  E0000195: [409, 'Api validation failed due to conflict: {0}'],
  E0000211: [400, 'Roles cannot be granted to built-in groups: {0}'],
  E0000227: [400, 'Roles can only be granted to service application type'],
  E0000231: [412, "ETag value doesn't match."],
  E0000242: [400, 'ETag syntax is invalid.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof errorCodes;

/** An answer of Okta that is an error. Handlers throw it; the org's server writes Okta's body from it. */
export class OktaError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly causes: readonly string[];
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param value what stands in the place of `{0}` in the summary
   * @param causes the texts of `errorCauses`
   */
  constructor(
    code: ErrorCode,
    value = '',
    causes: readonly string[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    const [status, summary] = errorCodes[code];
    super(summary.replace('{0}', value));
    this.code = code;
    this.status = status;
    this.causes = causes;
    this.headers = headers;
  }
}

/** 404 as Okta says it: the id that was asked for and Okta's own name of the kind of object. */
export function notFound(id: string, kind: string): OktaError {
  return new OktaError('E0000007', `Resource not found: ${id} (${kind})`);
}

/** 400 E0000001: a field and what is wrong with it. */
export function invalid(field: string, ...causes: string[]): OktaError {
  return new OktaError('E0000001', field, causes);
}

/** The body that Okta answers an error with. */
export function errorBody(error: OktaError, errorId: string): Record<string, unknown> {
  return {
    errorCode: error.code,
    errorSummary: error.message,
    errorLink: error.code,
    errorId,
    errorCauses: error.causes.map((errorSummary) => ({ errorSummary })),
  };
}
