import type { FastifyInstance } from 'fastify';
import { fullName } from '../core/routing.js';
import { appsOf, embedPath } from './embed-link.js';
import { askToSignIn } from './login.js';
import { sendPage } from './page.js';
import { currentSession } from './session.js';
import type { SignOnState } from './sign-on-state.js';
import { escapeMarkup } from './xml.js';

/** The person's own page: a tile for each app. */
export function dashboardRoutes(server: FastifyInstance, { org }: SignOnState): void {
  server.get('/app/UserHome', (request, reply) => {
    const current = currentSession(org, request);
    if (current === null) return askToSignIn(reply, '/app/UserHome');
    const login = escapeMarkup(String(current.user.profile.login));
    const tiles = appsOf(org, current.user.id)
      .map(
        (app) =>
          `<li><a data-app="${app.id}" href="${escapeMarkup(embedPath(app))}">${escapeMarkup(app.label)}</a></li>`,
      )
      .join('');
    return sendPage(
      reply,
      200,
      'My Apps',
      `<main data-signed-in-as="${login}"><h1>${escapeMarkup(fullName(current.user.profile))}</h1>` +
        `<ul>${tiles}</ul><a href="/login/signout">Sign out</a></main>`,
    );
  });
}
