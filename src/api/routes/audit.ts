import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { AuditFilter, ListedAuditRow } from '../../ledger/audit-list.js';
import { AuditCheckQuery, AuditCheckSchema, AuditPageSchema, AuditQuery } from '../schemas/audit.js';
import { documented } from '../schemas/command.js';
import { protectedProblems } from '../schemas/problem-answers.js';

/** How many rows are taken from the ledger at a time. */
const portion = 1_000;

/** The audit: who did what, when, why, from where, and whether it is still what it was. */
export async function auditRows(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.get(
    '/audit',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('What was done, the latest first; with `Accept: application/x-ndjson` all of it', 'audit'),
        querystring: AuditQuery,
        response: {
          200: {
            description: 'Rows of the audit, the latest first',
            content: {
              'application/json': { schema: AuditPageSchema },
              'application/x-ndjson': { schema: z.unknown().meta({ type: 'string' }) },
            },
          },
          ...protectedProblems,
        },
      },
    },
    async ({ query: { limit, before, ...filter }, headers }, reply) => {
      const first = await app.auditTrail.list(filter, before ?? null, limit);
      if (/\bapplication\/x-ndjson\b/i.test(headers.accept ?? '')) {
        return reply.type('application/x-ndjson').send(Readable.from(lines(app, filter, before ?? null)));
      }
      const nextBefore = first.length < limit ? null : (first.at(-1)?.seq ?? null);
      return reply.type('application/json; charset=utf-8').send({ rows: [...first], nextBefore });
    },
  );

  typed.get(
    '/audit/check',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('Whether no row of the audit was changed, removed or put in', 'audit'),
        description:
          'Checks every row; a million take a few minutes. Rows that were removed at the end are noticed by whoever sends the head of an earlier check.',
        querystring: AuditCheckQuery,
        response: { 200: AuditCheckSchema, ...protectedProblems },
      },
    },
    ({ query: { seq, digest } }) =>
      app.auditTrail.check(seq === undefined || digest === undefined ? null : { seq, digest }),
  );
}

async function* lines(app: FastifyInstance, filter: AuditFilter, from: number | null): AsyncGenerator<string> {
  for (let before = from; ; ) {
    const rows: readonly ListedAuditRow[] = await app.auditTrail.list(filter, before, portion);
    for (const row of rows) yield `${JSON.stringify(row)}\n`;
    if (rows.length < portion) return;
    before = rows.at(-1)?.seq ?? before;
  }
}
