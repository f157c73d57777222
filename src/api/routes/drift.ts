import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { DriftOptions } from '../../domain/drift.js';
import { Org2OrgError } from '../../domain/errors.js';
import type { OperationStatus } from '../../domain/federation.js';
import { federationPath } from '../federations.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { type DriftAnswer, DriftDocument, DriftSchema } from '../schemas/drift.js';
import { FederationPath } from '../schemas/federation.js';
import { OperationAcceptedSchema } from '../schemas/operation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

function answer(federation: string, status: OperationStatus): DriftAnswer {
  const { workflowId, startedAt, startedBy, endedAt, outcome, steps } = status;
  const { differences, problems: found } = status.drift ?? { differences: [], problems: [] };
  const open = differences.some(({ ignored, mended }) => !ignored && !mended);
  return {
    federation,
    workflowId,
    startedAt,
    startedBy,
    endedAt,
    outcome,
    agrees: outcome === null ? null : status.drift !== undefined && !open && found.length === 0,
    differences,
    problems: found,
    gates: steps.flatMap(({ gate }) => (gate?.state === 'open' ? [gate] : [])),
  };
}

/** Drift: what differs in either org from what was agreed, and who changed it. */
export async function drift(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const path = '/federations/:id/drift';

  typed.post(
    path,
    {
      config: { role: 'operator', audit: 'federation.drift' },
      schema: {
        ...documented('Compares both orgs with what was agreed, attribute by attribute; reads no user one by one'),
        description:
          'What security rests on is only reported, made a gate, or brought back at once, as `policy` says. Everything else is reported: the same PUT of the federation mends it.',
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: DriftDocument,
        response: { 202: OperationAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body, actor, idempotencyKey }, reply) => {
      const options = body ?? DriftOptions.parse({});
      const accepted = await app.federations.operate(id, { kind: 'drift', options, actor, idempotencyKey });
      return reply
        .code(202)
        .header('location', `${federationPath(id)}/drift`)
        .send(accepted);
    },
  );

  typed.get(
    path,
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('What the last drift check has found, or the one that is running'),
        params: FederationPath,
        response: { 200: DriftSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id } }) => {
      const status = await app.federations.lastOf(id, 'drift');
      if (status === null) throw new Org2OrgError('O2O_NOT_RUN_YET', { federation: id, kind: 'drift' });
      return answer(id, status);
    },
  );
}
