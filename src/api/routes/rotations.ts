import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Org2OrgError } from '../../domain/errors.js';
import { PauseOptions } from '../../domain/pause.js';
import { checkRotation, RotationOptions, type RotationOrder } from '../../domain/rotation.js';
import { federationPath } from '../federations.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { OperationAcceptedSchema, OperationStatusSchema } from '../schemas/operation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

const orders: Readonly<Record<'go-on' | 'revoke', { order: RotationOrder; summary: string }>> = {
  'go-on': { order: 'goOn', summary: 'Ends the wait in which a roll-over is' },
  revoke: { order: 'revoke', summary: 'Takes a roll-over back: both orgs sign, trust and connect as before' },
};

/** Roll-overs of certificate and keys. */
export async function rotations(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const path = '/federations/:id/rotations';

  typed.post(
    path,
    {
      config: { role: 'operator', audit: 'rotation.start' },
      schema: {
        ...documented('Rolls over the certificate, the key of the connection, or from an API token to OAuth 2.0'),
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: RotationOptions.meta({ id: 'RotationOptions' }),
        response: { 202: OperationAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body: options, actor, idempotencyKey }, reply) => {
      const { spec } = await app.federations.spec(id);
      checkRotation(spec, options.what);
      const accepted = await app.federations.operate(id, { kind: 'rotation', options, actor, idempotencyKey });
      return reply
        .code(202)
        .header('location', `${federationPath(id)}/rotations`)
        .send(accepted);
    },
  );

  typed.get(
    path,
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The roll-over that is running, or else the last one, step by step'),
        params: FederationPath,
        response: { 200: OperationStatusSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id } }) => {
      const status = await app.federations.lastOf(id, 'rotation');
      if (status === null) throw new Org2OrgError('O2O_NOT_RUN_YET', { federation: id, kind: 'rotation' });
      return status;
    },
  );

  for (const name of ['go-on', 'revoke'] as const) {
    const { order, summary } = orders[name];
    typed.post(
      `${path}/${name}`,
      {
        config: { role: 'operator', audit: order === 'goOn' ? 'rotation.goOn' : 'rotation.revoke' },
        schema: {
          ...documented(summary),
          consumes: ['application/json', 'application/yaml'],
          params: FederationPath,
          body: PauseOptions,
          response: { 200: OperationStatusSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
        },
      },
      ({ params: { id }, body: { why }, actor }) => app.federations.orderRotation(id, { order, by: actor.name, why }),
    );
  }
}
