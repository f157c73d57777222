import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { documented } from '../schemas/command.js';
import { DiagnosisPath, UserDiagnosisSchema } from '../schemas/diagnosis.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';

/** Diagnoses: why a user cannot get in. */
export async function diagnosis(app: FastifyInstance): Promise<void> {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/federations/:id/users/:login/diagnosis',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('Why can this user not get in? Looks afresh into both orgs and writes nothing'),
        description:
          'The login is the one in the IdP org, URL-encoded. The verdict names the first failed check in the order of cause, and its fix. An org that cannot be read makes its checks `unknown`. Takes up to 25 seconds.',
        params: DiagnosisPath,
        response: { 200: UserDiagnosisSchema, ...protectedProblems, ...problems(404, 409, 504) },
      },
    },
    ({ params: { id, login } }) => app.diagnoses.diagnose(id, login),
  );
}
