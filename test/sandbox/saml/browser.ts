import { CookieJar } from 'tough-cookie';

/** Where a browser has arrived. */
export interface Page {
  readonly status: number;
  readonly url: string;
  readonly html: string;
  /** Who the page says is signed in. */
  readonly signedInAs: string | null;
  /** Fields of the auto-submit form, if the page is one and was not submitted. */
  readonly form: { readonly action: string; readonly fields: Record<string, string> } | null;
}

/** A browser as people have it: cookies of a host go to all its ports, redirects and auto-submit forms are followed. */
export class Browser {
  readonly #jar = new CookieJar();

  /** @param submits false: stays on a page with an auto-submit form */
  async open(url: string, submits = true): Promise<Page> {
    return this.#go(url, undefined, submits);
  }

  async post(url: string, fields: Record<string, string>, submits = true): Promise<Page> {
    return this.#go(url, fields, submits);
  }

  async #go(url: string, fields: Record<string, string> | undefined, submits: boolean): Promise<Page> {
    let next: { url: string; fields: Record<string, string> | undefined } = { url, fields };
    for (let hops = 0; hops < 20; hops += 1) {
      const answer = await this.#request(next.url, next.fields);
      const location = answer.headers.get('location');
      if (answer.status >= 300 && answer.status < 400 && location !== null) {
        next = { url: new URL(location, next.url).href, fields: undefined };
        continue;
      }
      const page = pageOf(answer.status, next.url, await answer.text());
      if (page.form === null || !submits) return page;
      next = { url: page.form.action, fields: page.form.fields };
    }
    throw new Error('the browser goes round in circles');
  }

  async #request(url: string, fields: Record<string, string> | undefined): Promise<Response> {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: await this.#jar.getCookieString(url) },
      ...(fields !== undefined && { method: 'POST', body: new URLSearchParams(fields) }),
    });
    for (const cookie of answer.headers.getSetCookie()) await this.#jar.setCookie(cookie, url);
    return answer;
  }
}

function pageOf(status: number, url: string, html: string): Page {
  const action = /<form id="appForm" action="([^"]*)"/.exec(html)?.[1];
  const inputs = [...html.matchAll(/<input name="([^"]*)" type="hidden" value="([^"]*)"\/>/g)];
  const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, unescapeMarkup(value)]));
  const signedInAs = /data-signed-in-as="([^"]*)"/.exec(html)?.[1];
  return {
    status,
    url,
    html,
    signedInAs: signedInAs === undefined ? null : unescapeMarkup(signedInAs),
    form: action === undefined ? null : { action: unescapeMarkup(action), fields },
  };
}

function unescapeMarkup(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
