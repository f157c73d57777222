import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { FindingFilter, KeptFinding } from '../../ledger/sweep-findings.js';
import { documented } from '../schemas/command.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import { FindingsQuery, FindingsSchema, SweepPath } from '../schemas/sweep.js';

/** How many findings are taken from the ledger at a time. */
const portion = 1_000;

const columns = [
  'spUserId',
  'idpUserId',
  'login',
  'kind',
  'reason',
  'action',
  'outcome',
  'transition',
  'note',
  'foundAt',
  'proof',
  'evidence',
] as const;

const text = z.unknown().meta({ type: 'string' });

/** What a sweep says about users: a page of JSON, or all of it as NDJSON or CSV. */
export async function sweepFindings(app: FastifyInstance): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/federations/:id/sweeps/:sweep/findings',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented(
          'What the sweep says about users; with `Accept: application/x-ndjson` or `text/csv` all of it as a file',
          'sweeps',
        ),
        params: SweepPath,
        querystring: FindingsQuery,
        response: {
          200: {
            description: 'Findings, ordered by the id of the SP user',
            content: {
              'application/json': { schema: FindingsSchema },
              'application/x-ndjson': { schema: text },
              'text/csv': { schema: text },
            },
          },
          ...protectedProblems,
          ...problems(404),
        },
      },
    },
    async ({ params: { id, sweep }, query, headers }, reply) => {
      await app.sweeps.get(id, sweep);
      const { limit, after, listed, ...asked } = query;
      const filter = { ...asked, listed: listed === undefined ? undefined : listed === 'true' };
      const accept = headers.accept ?? '';
      if (/\bapplication\/x-ndjson\b/i.test(accept)) {
        return reply.type('application/x-ndjson').send(Readable.from(lines(all(app, id, sweep, filter))));
      }
      if (/\btext\/csv\b/i.test(accept)) {
        const writer = stringify({ header: true, columns: [...columns], escape_formulas: true });
        pipeline(Readable.from(records(all(app, id, sweep, filter))), writer, () => {});
        return reply.type('text/csv; charset=utf-8').send(writer);
      }
      const findings = await app.sweeps.findings(id, sweep, filter, after ?? null, limit);
      const nextAfter = findings.length < limit ? null : (findings.at(-1)?.spUserId ?? null);
      return reply
        .type('application/json; charset=utf-8')
        .send({ findings: findings.map((finding) => toldFinding(app, id, finding)), nextAfter });
    },
  );
}

/** A finding as the API tells it: with the way to the proof of the offboarding that came of it. */
interface ToldFinding extends KeptFinding {
  readonly proof: string | null;
}

function toldFinding(app: FastifyInstance, federationId: string, finding: KeptFinding): ToldFinding {
  const { action, outcome, login } = finding;
  const proven = action === 'deactivate' && outcome === 'done' && login !== '';
  return { ...finding, proof: proven ? `${app.userAddresses.user(federationId, login)}/proof` : null };
}

async function* all(
  app: FastifyInstance,
  federationId: string,
  sweepId: string,
  filter: FindingFilter,
): AsyncGenerator<ToldFinding> {
  for (let after: string | null = null; ; ) {
    const findings: readonly KeptFinding[] = await app.sweeps.findings(federationId, sweepId, filter, after, portion);
    yield* findings.map((finding) => toldFinding(app, federationId, finding));
    if (findings.length < portion) return;
    after = findings.at(-1)?.spUserId ?? after;
  }
}

async function* lines(findings: AsyncIterable<ToldFinding>): AsyncGenerator<string> {
  for await (const finding of findings) yield `${JSON.stringify(finding)}\n`;
}

async function* records(findings: AsyncIterable<ToldFinding>): AsyncGenerator<readonly string[]> {
  for await (const { evidence, ...rest } of findings) {
    const finding = { ...rest, evidence: JSON.stringify(evidence) };
    yield columns.map((column) => String(finding[column] ?? ''));
  }
}
