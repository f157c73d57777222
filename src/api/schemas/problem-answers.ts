import { STATUS_CODES } from 'node:http';
import { ProblemDocument } from './problem.js';

interface ProblemAnswer {
  readonly description: string;
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof ProblemDocument } };
}

/** The problem answers of a route, for its documentation. */
export function problems<Status extends number>(...statuses: Status[]): Record<Status, ProblemAnswer> {
  const answers = statuses.map((status) => [
    status,
    {
      description: STATUS_CODES[status] ?? 'Problem',
      content: { 'application/problem+json': { schema: ProblemDocument } },
    },
  ]);
  return Object.fromEntries(answers);
}

/** What every route behind a token can answer. */
export const protectedProblems = problems(400, 401, 403, 500, 503);
