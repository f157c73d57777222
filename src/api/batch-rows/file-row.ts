import type { RowIssue } from '../../domain/user-batch.js';

/** Most bytes that one row may have. */
export const mostRowBytes = 16 * 1024;

/** What is wrong with a row, without its place. */
export type Issue = Pick<RowIssue, 'column' | 'reason' | 'fix'>;

export const tooLong: Issue = {
  column: null,
  reason: 'has more than 16 KB',
  fix: 'Shorten it: a row names a user and a few attributes.',
};

/** A row as a file gives it: fields that nobody has checked, or what is wrong with it already. */
export interface FileRow {
  /** From 1, without header and empty lines. */
  readonly row: number;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly content: { readonly fields: unknown } | { readonly issues: readonly Issue[] };
}
