/** Columns of a batch besides the attributes of the profile. */
export const csvColumns = ['login', 'transition', 'at', 'reason', 'ticket', 'assignBy'] as const;

/** An attribute's name as Okta has it: a letter, then letters, digits and underscores. */
export const attributeName = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;

export function isKnownColumn(column: string): boolean {
  if (column.startsWith('profile.')) return attributeName.test(column.slice('profile.'.length));
  return csvColumns.some((known) => known === column);
}
