import { readSamlResponse } from '../../src/okta/saml-response.js';
import { type SignOnTrace, signOn } from '../../src/okta/sign-on.js';
import { Browser, type Page } from '../sandbox/saml/browser.js';
import { federationId, testUserPassword, type World } from './world.js';

const login = 'ada@acme.example';

/** A sign-in for which the IdP org has signed, and which the SP org has not seen yet. */
export interface BegunSignIn {
  /** Thumbprint of the certificate of the key that signed. */
  readonly signedWith: string | null;
  /** Goes on to the SP org; the page where it ends. */
  end(): Promise<Pick<Page, 'status' | 'signedInAs'>>;
}

/** How `BegunSignIn` ends where the SP org trusts what signed. */
export const signedIn = { status: 200, signedInAs: login };

/** Sign-ins of the test user of a world whose federation is set up. */
export class SignIns {
  private constructor(
    private readonly world: World,
    private readonly embedLink: string,
    private readonly targetAppLink: string,
  ) {}

  static async of(world: World): Promise<SignIns> {
    const { known } = await world.federations.get(federationId);
    const app = await world.idpAdmin.get(`/api/v1/apps/${known.org2orgAppId}`);
    const embedLink = (app as { _links: { appLinks: { href: string }[] } })._links.appLinks[0]?.href ?? '';
    return new SignIns(world, embedLink, known.targetAppSsoUrl ?? '');
  }

  /** Signs in once, as far as the target app. */
  once(): Promise<SignOnTrace> {
    const { idp, sp } = this.world.sandbox;
    return signOn({
      idpUrl: idp.url,
      spUrl: sp.url,
      login,
      password: testUserPassword,
      embedLink: this.embedLink,
      targetApp: { link: this.targetAppLink, origins: 'discover' },
    });
  }

  /** Signs in as far as the IdP org, and waits there. */
  async begin(): Promise<BegunSignIn> {
    const { url } = this.world.sandbox.idp;
    const answer = await fetch(`${url}/api/v1/authn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: login, password: testUserPassword }),
    });
    const { sessionToken } = (await answer.json()) as { sessionToken: string };
    const browser = new Browser();
    const query = new URLSearchParams({ token: sessionToken, redirectUrl: this.embedLink });
    const { form } = await browser.open(`${url}/login/sessionCookieRedirect?${query}`, false);
    if (form === null) throw new Error('the IdP org has not signed');
    return {
      signedWith: readSamlResponse(form.fields.SAMLResponse ?? '')?.certificateThumbprint ?? null,
      async end() {
        const { status, signedInAs } = await browser.post(form.action, form.fields);
        return { status, signedInAs };
      },
    };
  }
}
