import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Org2OrgError } from '../../domain/errors.js';
import { VerificationOptions, verificationReport } from '../../domain/verification.js';
import { federationPath } from '../federations.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { GoLiveDocument, LiveSchema } from '../schemas/live.js';
import { OperationAcceptedSchema } from '../schemas/operation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import { type VerificationAnswer, VerificationDocument, VerificationSchema } from '../schemas/verification.js';
import { verificationPage } from '../verification-page.js';

async function report(app: FastifyInstance, id: string): Promise<VerificationAnswer> {
  const status = await app.federations.lastOf(id, 'verification');
  if (status === null) throw new Org2OrgError('O2O_NOT_RUN_YET', { federation: id, kind: 'verification' });
  const { workflowId, startedAt, startedBy, endedAt } = status;
  const { live = null } = await app.federations.get(id);
  return { federation: id, workflowId, startedAt, startedBy, endedAt, ...verificationReport(status), live };
}

/** Verifications: the guide's checklist with evidence, and whether a federation is live. */
export async function verification(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  const path = '/federations/:id/verification';

  typed.post(
    path,
    {
      config: { role: 'operator', audit: 'federation.verify' },
      schema: {
        ...documented("The guide's checklist, the configuration and the key points with evidence, shown by a canary"),
        description: 'A canary is a user who is created, provisioned, signed on, changed, deactivated and removed.',
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: VerificationDocument,
        response: { 202: OperationAcceptedSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    async ({ params: { id }, body, actor, idempotencyKey }, reply) => {
      const options = body ?? VerificationOptions.parse({});
      const accepted = await app.federations.operate(id, { kind: 'verification', options, actor, idempotencyKey });
      return reply
        .code(202)
        .header('location', `${federationPath(id)}/verification`)
        .send(accepted);
    },
  );

  typed.get(
    path,
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The last verification, or the one that is running; with `Accept: text/html` a page to print'),
        params: FederationPath,
        response: {
          200: {
            description: 'The report',
            content: {
              'application/json': { schema: VerificationSchema },
              'text/html': { schema: z.unknown().meta({ type: 'string' }) },
            },
          },
          ...protectedProblems,
          ...problems(404),
        },
      },
    },
    async ({ params: { id }, headers }, reply) => {
      const found = await report(app, id);
      if (/\btext\/html\b/i.test(headers.accept ?? ''))
        return reply.type('text/html; charset=utf-8').send(verificationPage(found));
      return reply.type('application/json; charset=utf-8').send(found);
    },
  );

  typed.post(
    '/federations/:id/live',
    {
      config: { role: 'approver', audit: 'federation.live' },
      schema: {
        ...documented("Says that the federation is live by a person's word, without a verification that has passed"),
        description: 'A federation that is live already stays so since when and by what it was.',
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: GoLiveDocument,
        response: { 200: LiveSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    ({ params: { id }, body: { why }, actor, idempotencyKey }) =>
      app.federations.goLive(id, { why, actor }, idempotencyKey),
  );
}
