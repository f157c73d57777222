import type { ServerResponse } from 'node:http';
import { json, type LocalServer, type Respond, startServer } from './local-server.js';

/** What the IdP org hands out after the password. */
export const sessionToken = '20111sTEhbEnTokenThatSignsIn';
/** Answers with a page and a cookie that names the host. */
export function page(response: ServerResponse, body: string, status = 200, title = 'Page') {
  response.writeHead(status, {
    'content-type': 'text/html',
    'set-cookie': `sid=of-${response.req.headers.host}; Path=/`,
  });
  response.end(`<!DOCTYPE html><html><head><title>${title}</title></head><body>${body}</body></html>`);
}

/** Answers with a form that submits itself. */
export function autoSubmit(response: ServerResponse, action: string, fields: Record<string, string>) {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}"/>`,
  );
  page(
    response,
    `<form method="POST" action="${action}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`,
  );
}

export function redirect(response: ServerResponse, location: string) {
  response.writeHead(302, { location, 'set-cookie': `sid=of-${response.req.headers.host}; Path=/` }).end();
}

export function samlResponse(issuer: string, acs: string): string {
  return Buffer.from(
    `<saml2p:Response xmlns:saml2p="p" xmlns:saml2="a" Destination="${acs}"><saml2:Issuer>${issuer}</saml2:Issuer>` +
      `<saml2:Assertion><saml2:Issuer>${issuer}</saml2:Issuer><saml2:Subject><saml2:NameID>jane@example.com</saml2:NameID>` +
      `<saml2:SubjectConfirmation><saml2:SubjectConfirmationData Recipient="${acs}"/></saml2:SubjectConfirmation></saml2:Subject>` +
      '<saml2:Conditions NotBefore="2026-03-01T12:00:00Z" NotOnOrAfter="2026-03-01T12:10:00Z"><saml2:AudienceRestriction>' +
      '<saml2:Audience>the-audience</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions></saml2:Assertion></saml2p:Response>',
  ).toString('base64');
}

export interface World {
  readonly idp: LocalServer;
  readonly sp: LocalServer;
  readonly target: LocalServer;
}

/** Two orgs and a target app that let the user through; a test replaces the answers it is about, by path. */
export async function startWorld(
  instead: Record<string, (response: ServerResponse, world: World) => void> = {},
): Promise<World> {
  const started: Partial<World> = {};
  const world = started as World;
  const answers =
    (usual: Record<string, (response: ServerResponse) => void>): Respond =>
    (request, response) => {
      const { pathname } = new URL(request.url, 'http://x');
      const own = instead[pathname];
      if (own !== undefined) own(response, world);
      else (usual[pathname] ?? ((unknown) => page(unknown, 'Nothing here', 404)))(response);
    };
  const target = await startServer(
    answers({
      '/saml_login': (response) => redirect(response, '/'),
      '/': (response) => page(response, '<main data-signed-in-as="jane@example.com">Files</main>', 200, 'Files'),
    }),
  );
  const sp = await startServer(
    answers({
      '/sso/saml2/0oaIdp': (response) => redirect(response, '/app/UserHome'),
      '/app/UserHome': (response) => page(response, 'Your apps', 200, 'Dashboard'),
      '/home/dropbox/0oaT/1': (response) => {
        autoSubmit(response, `${target.url}/saml_login`, {
          SAMLResponse: samlResponse('sp', `${target.url}/saml_login`),
        });
      },
    }),
  );
  const idp = await startServer(
    answers({
      '/api/v1/authn': (response) => json(response, 200, { status: 'SUCCESS', sessionToken }),
      '/login/sessionCookieRedirect': (response) => redirect(response, '/home/okta_org2org/0oaA/51975'),
      '/home/okta_org2org/0oaA/51975': (response) => {
        const acs = `${sp.url}/sso/saml2/0oaIdp`;
        autoSubmit(response, acs, { SAMLResponse: samlResponse('http://www.okta.com/exk1', acs), RelayState: '' });
      },
    }),
  );
  return Object.assign(world, { idp, sp, target });
}
