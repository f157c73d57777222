import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import type { FieldIssue } from '../domain/normalize-federation-spec.js';

/** A part of a request that does not match its schema. */
export class InvalidRequest extends Error {
  readonly statusCode = 400;

  constructor(
    /** The part: `body`, `params`, `querystring` or `headers`; Fastify fills it in for schemas. */
    public validationContext: string | undefined,
    readonly issues: readonly FieldIssue[],
  ) {
    super('The request does not match its schema.');
    this.name = 'InvalidRequest';
  }
}

/** Validates each part of a request with its zod schema. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const parsed = schema.safeParse(data);
    return parsed.success
      ? { value: parsed.data }
      : { error: new InvalidRequest(undefined, fieldIssues(parsed.error, data)) };
  };

/** What is wrong with which field, with JSON pointers (RFC 6901). */
function fieldIssues(error: z.ZodError, data: unknown): FieldIssue[] {
  return error.issues.flatMap((issue): FieldIssue[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        pointer: jsonPointer([...issue.path, key]),
        message: 'is not a known field',
        fix: 'Remove the field, or correct its name: /docs lists the fields.',
      }));
    }
    const pointer = jsonPointer(issue.path);
    if (valueAt(data, issue.path) == null && issue.code !== 'custom') {
      return [
        { pointer, message: 'is missing', fix: pointer === '' ? 'Send a body.' : `Add the field: ${issue.message}.` },
      ];
    }
    return [{ pointer, message: issue.message, fix: 'Correct the value.' }];
  });
}

function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    data,
  );
}
