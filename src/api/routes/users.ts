import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { transitionCommand } from '../../commands/transition-command.js';
import type { AuditAction } from '../../domain/audit.js';
import { Org2OrgError } from '../../domain/errors.js';
import { type TransitionCommand, transitionKinds } from '../../domain/user-lifecycle.js';
import { priorities } from '../../workflows/messages.js';
import { commandHeaders, documented } from '../schemas/command.js';
import { FederationPath } from '../schemas/federation.js';
import { GateAnswerDocument, GateSchema } from '../schemas/gate.js';
import { problems, protectedProblems } from '../schemas/problem-answers.js';
import {
  OffboardingProofSchema,
  OnboardDocument,
  ReplanDocument,
  TransitionAcceptedSchema,
  TransitionDocument,
  TransitionPath,
  TransitionSchema,
  UserAnswerSchema,
  UserGatePath,
  UserListQuery,
  UserListSchema,
  UserPath,
  waitHeaders,
  waitSeconds,
} from '../schemas/user.js';

/** States after which nothing more happens. */
const ended: readonly string[] = ['done', 'stopped', 'superseded', 'withdrawn', 'cancelled'];

const accepted = {
  200: TransitionAcceptedSchema,
  202: TransitionAcceptedSchema,
  ...protectedProblems,
  ...problems(404, 409, 413, 415),
};

const Asked = z.object({ transition: z.enum(transitionKinds) });

/** What a command to a user is in the audit. */
function transitionAction({ body }: FastifyRequest): AuditAction {
  const asked = Asked.safeParse(body);
  return asked.success ? `user.${asked.data.transition}` : 'user.transition';
}

/** Users of a federation: their transitions, reports and proofs. */
export async function users(app: FastifyInstance): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  const carryOut = async (
    request: FastifyRequest,
    reply: FastifyReply,
    command: Omit<TransitionCommand, 'fingerprint' | 'actor' | 'idempotencyKey' | 'waitSeconds'>,
  ) => {
    const { federationId, login, kind } = command;
    const wait = waitSeconds(request.headers.prefer?.toString());
    request.audited.login = login;
    await app.federationRecords.forUsers(federationId, kind);
    const { actor, idempotencyKey } = request;
    const { transition, started } = await app.users.transition(
      transitionCommand({ ...command, actor, idempotencyKey, waitSeconds: wait }),
      priorities.interactive,
    );
    request.audited.details = { number: transition.number, started };
    const self = app.userAddresses.transition(federationId, login, transition.number);
    if (wait > 0) reply.header('preference-applied', `wait=${wait}`);
    return reply
      .code(wait > 0 && ended.includes(transition.state) ? 200 : 202)
      .header('location', self)
      .send({ transition, started, links: { self, temporal: app.userAddresses.temporal(federationId, login) } });
  };

  typed.post(
    '/federations/:id/users',
    {
      config: { role: 'operator', audit: 'user.onboard' },
      schema: {
        ...documented('Onboards a user of the IdP org, who is created first where a profile is sent', 'users'),
        consumes: ['application/json', 'application/yaml'],
        params: FederationPath,
        headers: waitHeaders,
        body: OnboardDocument,
        response: accepted,
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const login = body.login ?? (await app.users.loginOf(params.id, body.id ?? ''));
      return carryOut(request, reply, {
        federationId: params.id,
        login,
        kind: 'onboard',
        profile: body.profile ?? null,
        assignBy: body.assignBy ?? null,
        dryRun: body.dryRun,
        at: body.at ?? null,
        reason: body.reason ?? null,
        ticket: body.ticket ?? null,
      });
    },
  );

  typed.post(
    '/federations/:id/users/:login/transitions',
    {
      config: { role: 'operator', audit: transitionAction },
      schema: {
        ...documented('Starts or plans a transition of a user', 'users'),
        consumes: ['application/json', 'application/yaml'],
        params: UserPath,
        headers: waitHeaders,
        body: TransitionDocument,
        response: accepted,
      },
    },
    (request, reply) => {
      const { params, body } = request;
      return carryOut(request, reply, {
        federationId: params.id,
        login: params.login,
        kind: body.transition,
        profile: body.profile ?? null,
        assignBy: body.assignBy ?? null,
        dryRun: body.dryRun,
        at: body.at ?? null,
        reason: body.reason ?? null,
        ticket: body.ticket ?? null,
      });
    },
  );

  typed.get(
    '/federations/:id/users',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented(
          'Users of whom something was asked, page by page; `state=planned` lists what is planned',
          'users',
        ),
        params: FederationPath,
        querystring: UserListQuery,
        response: { 200: UserListSchema, ...protectedProblems },
      },
    },
    ({ params, query }) => app.userLists.page(params.id, query),
  );

  typed.get(
    '/federations/:id/users/:login',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('State and transitions of a user, with their reports', 'users'),
        params: UserPath,
        response: { 200: UserAnswerSchema, ...protectedProblems, ...problems(404) },
      },
    },
    async ({ params: { id, login } }) => ({
      ...(await app.users.get(id, login)),
      links: { self: app.userAddresses.user(id, login), temporal: app.userAddresses.temporal(id, login) },
    }),
  );

  const transitionOf = async (id: string, login: string, number: number) => {
    const record = await app.users.get(id, login);
    const found = record.transitions.find((transition) => transition.number === number);
    if (found === undefined) throw new Org2OrgError('O2O_TRANSITION_NOT_FOUND', { number });
    return found;
  };

  typed.get(
    '/federations/:id/users/:login/transitions/:number',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('The report of one transition', 'users'),
        params: TransitionPath,
        response: { 200: TransitionSchema, ...protectedProblems, ...problems(404) },
      },
    },
    ({ params: { id, login, number } }) => transitionOf(id, login, number),
  );

  typed.patch(
    '/federations/:id/users/:login/transitions/:number',
    {
      config: { role: 'operator', audit: 'user.replan' },
      schema: {
        ...documented('Moves a planned transition to another time', 'users'),
        consumes: ['application/json', 'application/yaml'],
        params: TransitionPath,
        body: ReplanDocument,
        response: { 200: TransitionSchema, ...protectedProblems, ...problems(404, 409, 413, 415) },
      },
    },
    ({ params: { id, login, number }, body: { at }, actor }) => app.users.replan(id, login, { number, at, actor }),
  );

  typed.delete(
    '/federations/:id/users/:login/transitions/:number',
    {
      config: { role: 'operator', audit: 'user.cancel' },
      schema: {
        ...documented('Cancels a planned transition', 'users'),
        params: TransitionPath,
        response: { 200: TransitionSchema, ...protectedProblems, ...problems(404, 409) },
      },
    },
    ({ params: { id, login, number }, actor }) => app.users.replan(id, login, { number, at: null, actor }),
  );

  typed.get(
    '/federations/:id/users/:login/proof',
    {
      config: { role: 'viewer' },
      schema: {
        ...documented('What shows that this leaver is gone: the proof of the last offboarding', 'users'),
        params: UserPath,
        response: { 200: OffboardingProofSchema, ...protectedProblems, ...problems(404) },
      },
    },
    ({ params: { id, login } }) => app.proofs.last(id, login),
  );

  typed.post(
    '/federations/:id/users/:login/gates/:gate',
    {
      // Each gate names the role that it needs; its workflow holds the actor to it.
      config: { role: 'viewer', audit: 'user.gate' },
      schema: {
        ...documented("Answers an open gate of a user's transition", 'users'),
        consumes: ['application/json', 'application/yaml'],
        params: UserGatePath,
        headers: commandHeaders,
        body: GateAnswerDocument,
        response: { 200: GateSchema, ...protectedProblems, ...problems(404, 409, 410, 413, 415) },
      },
    },
    ({ params: { id, login, gate }, body, actor, idempotencyKey }) =>
      app.users.answerGate(id, login, { gate, ...body, actor }, idempotencyKey),
  );
}
