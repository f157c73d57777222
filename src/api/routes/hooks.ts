import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { type EventHookSecrets, isHookSecret } from '../../config/event-hook-secrets.js';
import { Org2OrgError } from '../../domain/errors.js';
import { EventHookDelivery, hintsOf } from '../../domain/event-hook.js';
import { HookAnswer, HookPath, VerificationAnswer, VerificationHeaders } from '../schemas/hook.js';
import { problems } from '../schemas/problem-answers.js';

export interface HooksOptions {
  readonly orgs: Readonly<Record<string, { readonly eventHook?: EventHookSecrets | undefined }>>;
}

const tags = ['event hooks'];

/** Event hooks of Okta: they come with the secret of their org, not with an API token, and wait 3 seconds. */
export async function hooks(app: FastifyInstance, { orgs }: HooksOptions): Promise<void> {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  const secretsOf = (org: string): EventHookSecrets => {
    const secrets = Object.hasOwn(orgs, org) ? orgs[org]?.eventHook : undefined;
    if (secrets === undefined) throw new Org2OrgError('O2O_HOOK_NOT_CONFIGURED', { org });
    return secrets;
  };

  typed.get(
    '/okta/:org',
    {
      schema: {
        tags,
        summary: 'Repeats the challenge by which Okta verifies an event hook',
        security: [],
        params: HookPath,
        headers: VerificationHeaders,
        response: { 200: VerificationAnswer, ...problems(400, 404) },
      },
    },
    async ({ params: { org }, headers }) => {
      secretsOf(org);
      return { verification: headers['x-okta-verification-challenge'] };
    },
  );

  typed.post(
    '/okta/:org',
    {
      config: { audit: 'hook.delivery' },
      onRequest: async ({ params: { org }, headers }) => {
        if (!isHookSecret(secretsOf(org), headers.authorization ?? '')) {
          throw new Org2OrgError('O2O_HOOK_SECRET_WRONG', { org });
        }
      },
      schema: {
        tags,
        summary: 'Takes a delivery of an event hook: users whose right may have ended are looked at',
        security: [{ hookSecret: [] }],
        params: HookPath,
        body: EventHookDelivery,
        response: { 200: HookAnswer, ...problems(400, 401, 404, 413, 415, 500, 503) },
      },
    },
    async ({ params: { org }, body, audited }) => {
      const hints = hintsOf(body);
      const answer = { handedOver: hints.length, ignored: body.data.events.length - hints.length };
      if (hints.length === 0) return answer;
      audited.actor = `event hook of ${org}`;
      audited.details = answer;
      await app.eventHooks.handOver(org, hints);
      return answer;
    },
  );
}
