import { createHash } from 'node:crypto';
import { z } from 'zod';
import { foldLogin, Login } from '../../domain/login.js';
import type { CheckedRow } from '../../domain/user-batch.js';
import { type TransitionKind, transitionKinds } from '../../domain/user-lifecycle.js';
import { attributeName, csvColumns } from './columns.js';
import type { FileRow, Issue } from './file-row.js';

const text = (most: number) => z.string('must be text').max(most, `has more than ${most} characters`);

const attribute = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())], {
  error: 'must be text, a number, true, false, null or a list of texts',
});

const Fields = z.strictObject({
  login: Login,
  transition: z.enum(transitionKinds, { error: `is none of ${transitionKinds.join(', ')}` }).nullish(),
  at: z.iso
    .datetime({ offset: true, error: 'is no time in ISO 8601 with a time zone' })
    .transform((time) => new Date(time).toISOString())
    .nullish(),
  reason: text(1000).nullish(),
  ticket: text(200).nullish(),
  assignBy: z.enum(['direct', 'group'], { error: 'must be direct or group' }).nullish(),
  profile: z.record(z.string().regex(attributeName), attribute, { error: 'must be an object' }).nullish(),
});

/** What to do about a column that is wrong. */
const fixes: Readonly<Record<string, string>> = {
  login: 'Give the login of a user in the IdP org, as Okta shows it.',
  transition: `Write one of ${transitionKinds.join(', ')}.`,
  at: 'Write the time with its zone: Z or an offset, for example 2027-01-31T18:00:00+01:00.',
  reason: 'Write a shorter text.',
  ticket: "Write the ticket's number only.",
  assignBy: 'Write direct or group, or leave it empty.',
  profile: 'Name attributes as Okta does: letters, digits, underscores.',
};

function reasonOf(issue: z.core.$ZodIssue, name: string, fields: unknown): string {
  if (issue.code === 'unrecognized_keys') return 'is not a known column';
  if (issue.code === 'invalid_key') return 'is not the name of an attribute';
  const missing = typeof fields === 'object' && fields !== null && Reflect.get(fields, name) == null;
  return missing && !name.includes('.') ? 'is missing' : issue.message;
}

/** The first thing that is wrong with each column. */
function issuesOf(error: z.ZodError, fields: unknown): Issue[] {
  const wrong = new Map<string, Issue>();
  for (const issue of error.issues) {
    for (const name of issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')]) {
      const column = name.slice(0, 100);
      const fix = fixes[name.split('.')[0] ?? ''] ?? `The columns are ${csvColumns.join(', ')} and profile.`;
      if (!wrong.has(column)) wrong.set(column, { column, reason: reasonOf(issue, name, fields), fix });
    }
  }
  return [...wrong.values()];
}

/** 53 bits of a digest: enough to tell the users of one file apart, and 100,000 of them need a few megabytes. */
function trace(login: string): number {
  const digest = createHash('sha256').update(foldLogin(login)).digest();
  return Number(digest.readBigUInt64BE() >> 11n);
}

/**
 * Checks the rows of a file one by one and keeps a trace of each login to find users who stand in it twice: the first
 * row counts.
 * @param transition the transition of rows that name none
 */
export function rowCheck(transition: TransitionKind | null): (row: FileRow) => CheckedRow {
  const seen = new Map<number, number>();
  return ({ row, line, content }) => {
    const refused = (issues: readonly Issue[]): CheckedRow => ({
      row,
      line,
      issues: issues.map((issue) => ({ row, line, ...issue })),
    });
    if ('issues' in content) return refused(content.issues);
    const parsed = Fields.safeParse(content.fields);
    if (!parsed.success) return refused(issuesOf(parsed.error, content.fields));
    const { login, profile, at, reason, ticket, assignBy } = parsed.data;
    const kind = parsed.data.transition ?? transition;
    if (kind === null) {
      const fix = 'Add the column transition, or name one for all rows with ?transition=.';
      return refused([{ column: 'transition', reason: 'is missing', fix }]);
    }
    const earlier = seen.get(trace(login));
    if (earlier !== undefined) {
      const told = `is the same user as in row ${earlier}`;
      return refused([
        { column: 'login', reason: told, fix: 'Keep one row per user: upper and lower case do not matter.' },
      ]);
    }
    seen.set(trace(login), row);
    return {
      row,
      line,
      login,
      kind,
      profile: profile ?? null,
      assignBy: assignBy ?? null,
      at: at ?? null,
      reason: reason ?? null,
      ticket: ticket ?? null,
    };
  };
}
