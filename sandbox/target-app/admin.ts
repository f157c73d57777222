import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { SsoSettings, shownSettings } from './sso-settings.js';
import type { TargetAppState } from './target-app.js';

const MemberChange = z.strictObject({
  status: z.enum(['active', 'suspended', 'removed']).optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
});

/** The admin console: what a person does there by hand, over HTTP. */
export function adminRoutes(app: FastifyInstance, state: TargetAppState): void {
  const now = () => new Date(state.clock.now()).toISOString();

  app.get('/admin/sso', () => shownSettings(state.sso));

  app.put('/admin/sso', (request, reply) => {
    const settings = SsoSettings.safeParse(request.body);
    if (!settings.success) {
      return reply.code(400).send({ error: z.prettifyError(settings.error) });
    }
    state.sso = settings.data;
    state.log.add({ at: now(), event: 'sso_configured', login: null, reason: null });
    return shownSettings(state.sso);
  });

  app.get('/admin/members', () => state.members.all());

  app.put<{ Params: { login: string } }>('/admin/members/:login', (request, reply) => {
    const change = MemberChange.safeParse(request.body ?? {});
    if (!change.success) return reply.code(400).send({ error: z.prettifyError(change.error) });
    const { status, firstName, lastName } = change.data;
    const login = request.params.login;
    state.log.add({ at: now(), event: 'member_changed', login, reason: null });
    return state.members.put(login, now(), {
      ...(status !== undefined && { status }),
      ...(firstName !== undefined && { firstName }),
      ...(lastName !== undefined && { lastName }),
    });
  });

  app.get('/admin/activity', () => state.log.all());
}
