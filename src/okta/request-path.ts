/**
 * A path whose values are URL-encoded one by one: `` path`/api/v1/users/${login}` ``.
 *
 * @throws RangeError for a value that would change which resource the path names (empty, `.` or `..`).
 */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string {
  return literals.reduce((whole, literal, index) => whole + segment(values[index - 1]) + literal);
}

function segment(value: string | undefined): string {
  if (value === undefined || value === '' || value === '.' || value === '..') {
    throw new RangeError('A path segment is empty or relative');
  }
  return encodeURIComponent(value);
}

/** A string value in Okta's `filter` and `search` expressions, with its quotes. */
export function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}
