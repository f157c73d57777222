import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { FastifyError, FastifyInstance } from 'fastify';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { OrgPlugin } from '../core/server.js';
import { appSignOnRoutes } from './app-sign-on.js';
import { authnRoutes } from './authn.js';
import { dashboardRoutes } from './dashboard.js';
import { inboundSignOnRoutes } from './inbound-sign-on.js';
import { inboundStartRoutes } from './inbound-start.js';
import { loginRoutes } from './login.js';
import { sendRefusal } from './page.js';
import { maximumForm } from './posted-response.js';
import { newSignOnState } from './sign-on-state.js';

const form = 'application/x-www-form-urlencoded';

/** The part of an org's server that signs people in: `/api/v1/authn`, the pages for people, SAML in both directions. */
export const samlPlugin: OrgPlugin = async (server: FastifyInstance, org: Org) => {
  const state = newSignOnState(org);
  authnRoutes(server, state);
  await server.register(async (pages) => {
    if (!pages.hasReplyDecorator('setCookie')) await pages.register(cookie);
    if (pages.hasContentTypeParser(form)) pages.removeContentTypeParser(form);
    await pages.register(formbody, { bodyLimit: maximumForm });
    pages.setErrorHandler<FastifyError | OktaError>((error, _request, reply) => {
      const status = error instanceof OktaError ? error.status : (error.statusCode ?? 500);
      return sendRefusal(
        reply,
        status,
        status === 500 ? 'E0000009' : 'E0000020',
        'The request could not be carried out.',
      );
    });
    loginRoutes(pages, state);
    dashboardRoutes(pages, state);
    appSignOnRoutes(pages, state);
    inboundSignOnRoutes(pages, state);
    inboundStartRoutes(pages, state);
  });
};
