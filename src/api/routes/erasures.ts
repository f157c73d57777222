import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { commandHeaders, documented } from '../schemas/command.js';
import { ErasureDocument, ErasureSchema } from '../schemas/erasure.js';
import { FederationPath } from '../schemas/federation.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

/** Erasures: the ledger forgets who a leaver was. */
export async function erasures(app: FastifyInstance): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/federations/:id/erasures',
    {
      config: { role: 'approver', audit: 'user.erase', auditsNobody: true },
      schema: {
        ...documented("Takes a leaver's login, names and reasons out of findings, proofs and audit", 'users'),
        description:
          'Looks into both orgs first: refused while the user has a place in the federation, or something about the user is under way. Ids, times and digests stay, and the audit can still be checked. Sent again it finds nothing more. Takes up to 25 seconds.',
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: commandHeaders,
        body: ErasureDocument,
        response: { 200: ErasureSchema, ...protectedProblems, ...problems(404, 409, 413, 415, 502, 504) },
      },
    },
    async (request) => {
      const erased = await app.erasures.erase(request.params.id, request.body.login);
      request.audited.details = { ...erased };
      return erased;
    },
  );
}
