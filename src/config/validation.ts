import type { z } from 'zod';
import { Org2OrgError } from '../domain/errors.js';

/**
 * Checks configuration against its schema.
 *
 * @throws Org2OrgError `O2O_CONFIG_INVALID` that names each wrong field by its JSON pointer, the kind of its value
 * (never the value, which may be a secret) and what it must be.
 */
export function validate<Schema extends z.ZodType>(schema: Schema, raw: unknown, file: string): z.output<Schema> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => {
    const pointer = issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return `${pointer === '' ? 'the document' : pointer} is ${kindOf(valueAt(raw, issue.path))}: ${messageOf(issue)}`;
  });
  throw new Org2OrgError('O2O_CONFIG_INVALID', { file, detail: details.join('; ') });
}

function messageOf(issue: z.core.$ZodIssue): string {
  const [inKey] = issue.code === 'invalid_key' ? issue.issues : [];
  return inKey === undefined ? issue.message : `its name ${inKey.message}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    raw,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
