import { z } from 'zod';
import type { SignOnStage } from '../domain/sign-on.js';
import { unreadable } from './errors.js';
import { readSamlResponse, type SamlResponseFacts } from './saml-response.js';
import { scrub } from './scrub.js';
import { type Hop, SignOnBrowser, type Visit, type Visited } from './sign-on-browser.js';
import { readPage, type SignOnPage } from './sign-on-page.js';

/** A sign-on to try, as a user would do it: IdP org, Org2Org tile, SP org, tile of the target app. */
export interface SignOnAttempt {
  readonly idpUrl: string;
  readonly spUrl: string;
  readonly login: string;
  readonly password: string;
  /** The Org2Org app's own link (`_links.appLinks`). */
  readonly embedLink: string;
  /** The way on from the SP org, or null to end there. */
  readonly targetApp: TargetApp | null;
  readonly signal?: AbortSignal;
  /** Time limit of one request. */
  readonly requestTimeoutMs?: number;
}

export interface TargetApp {
  /** The target app's own link in the SP org (`_links.appLinks`). */
  readonly link: string;
  /** Origins that belong to the target app; `discover` trusts the one to which the SP org's form leads. */
  readonly origins: readonly string[] | 'discover';
}

/** How a sign-on went. Holds no token, cookie or SAML response. */
export interface SignOnTrace {
  /**
   * `arrived` at a page of the target app (or SP org); `refused` by a page with an error status; `astray` at another
   * page, a sign-in page or a host that is not part of the federation; `untestable` with this user.
   */
  readonly result: 'arrived' | 'refused' | 'astray' | 'untestable';
  /** How far it came: nowhere, signed in at the IdP org, signed in at the SP org, at the target app. */
  readonly reached: SignOnStage;
  /** Why it did not arrive; null if it did. */
  readonly reason: string | null;
  readonly hops: readonly Hop[];
  /** What each SAML response said that was posted, read before it was. */
  readonly responses: readonly PostedResponse[];
  /** The page where it ended. */
  readonly page: FinalPage | null;
}

export interface PostedResponse extends SamlResponseFacts {
  readonly postedTo: string;
}

export interface FinalPage {
  /** Without query. */
  readonly url: string;
  readonly title: string | null;
  /** Who the page says is signed in; null if it does not say. */
  readonly signedInAs: string | null;
}

const mostHops = 20;

/**
 * Signs a user in from the IdP org to the target app over HTTP.
 *
 * @throws Org2OrgError that can be retried, if one of the hosts does not answer, limits the rate or fails (5xx).
 */
export async function signOn(attempt: SignOnAttempt): Promise<SignOnTrace> {
  const probe = new Probe(attempt);
  return probe.run();
}

const Authentication = z.object({ status: z.string(), sessionToken: z.string().optional() });
const Refusal = z.object({ errorCode: z.string(), errorSummary: z.string().nullish() });

type Outcome = Pick<SignOnTrace, 'result' | 'reason' | 'page'>;

class Probe {
  readonly #attempt: SignOnAttempt;
  readonly #browser: SignOnBrowser;
  readonly #allowed: Set<string>;
  readonly #hops: Hop[] = [];
  readonly #responses: PostedResponse[] = [];
  #reached: SignOnStage = 'nowhere';

  constructor(attempt: SignOnAttempt) {
    this.#attempt = attempt;
    this.#browser = new SignOnBrowser({ timeoutMs: attempt.requestTimeoutMs ?? 30_000, signal: attempt.signal });
    const { targetApp } = attempt;
    const given = targetApp === null || targetApp.origins === 'discover' ? [] : targetApp.origins;
    this.#allowed = new Set([attempt.idpUrl, attempt.spUrl, ...given].map((url) => new URL(url).origin));
  }

  async run(): Promise<SignOnTrace> {
    try {
      const outcome = await this.#run();
      return { ...outcome, reached: this.#reached, hops: this.#hops, responses: this.#responses };
    } finally {
      this.#browser.close();
    }
  }

  async #run(): Promise<Outcome> {
    const { idpUrl, spUrl, embedLink, targetApp } = this.#attempt;
    const sessionToken = await this.#authenticate();
    if (typeof sessionToken !== 'string') return sessionToken;
    this.#reached = 'idp';
    const start = new URL('/login/sessionCookieRedirect', idpUrl);
    start.searchParams.set('token', sessionToken);
    start.searchParams.set('redirectUrl', onHost(embedLink, idpUrl));
    const atSp = await this.#follow(start.href, () => [new URL(spUrl).origin]);
    if (atSp.result !== 'arrived') return atSp;
    this.#reached = 'sp';
    if (targetApp === null) return atSp;
    const atTarget = await this.#follow(onHost(targetApp.link, spUrl), () => this.#targetOrigins());
    if (atTarget.result === 'arrived') this.#reached = 'targetApp';
    return atTarget;
  }

  /** A session token of the IdP org, or why there is none. */
  async #authenticate(): Promise<string | Outcome> {
    const { idpUrl, login, password } = this.#attempt;
    const answer = await this.#browser.visit({
      url: new URL('/api/v1/authn', idpUrl).href,
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ username: login, password }),
    });
    const body = parsed(answer.text);
    const success = Authentication.safeParse(body).data;
    const refusal = Refusal.safeParse(body).data;
    this.#hop(answer, success === undefined ? 'refusal' : 'authentication');
    if (success?.status === 'SUCCESS' && success.sessionToken !== undefined) return success.sessionToken;
    if (success !== undefined) return untestable(`the IdP org asks the user for more: ${scrub(success.status)}`);
    if (refusal === undefined)
      throw unreadable({ org: answer.url.host, operation: 'authn' }, answer, 'no sign-in result');
    const why = `${refusal.errorCode} ${scrub(refusal.errorSummary ?? '')}`;
    return untestable(`the IdP org refuses the user's login or password (status ${answer.status}: ${why})`);
  }

  /** Goes on from an address as a browser would, until a page stays. `goal` tells the origins that count as arrival. */
  async #follow(start: string, goal: () => readonly string[]): Promise<Outcome> {
    let next: Visit = { url: start, method: 'GET' };
    for (let count = 0; count < mostHops; count++) {
      const { origin, host } = new URL(next.url);
      if (!this.#allowed.has(origin)) return astray(`the way leads to ${host}, which is not part of the federation`);
      const visited = await this.#browser.visit(next);
      const location = visited.headers.get('location');
      if (visited.status >= 300 && visited.status < 400 && location !== null) {
        this.#hop(visited, 'redirect');
        next = redirected(next, visited, location);
        continue;
      }
      const page = readPage(visited.text);
      if (visited.status >= 400 || page.form === null) return this.#ended(visited, page, goal());
      this.#hop(visited, 'form');
      next = this.#submit(visited, page.form);
    }
    return astray(`no page was reached within ${mostHops} requests`);
  }

  #submit(visited: Visited, form: NonNullable<SignOnPage['form']>): Visit {
    const action = new URL(form.action, visited.url);
    const response = readSamlResponse(form.fields.SAMLResponse ?? '');
    if (response !== null) {
      this.#responses.push({ ...response, postedTo: action.origin + action.pathname });
      const { targetApp, spUrl } = this.#attempt;
      const fromSp = visited.url.origin === new URL(spUrl).origin;
      if (fromSp && targetApp?.origins === 'discover' && isSecure(action)) this.#allowed.add(action.origin);
    }
    return {
      url: action.href,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form.fields).toString(),
    };
  }

  #ended(visited: Visited, page: SignOnPage, goal: readonly string[]): Outcome {
    const { origin, pathname, host } = visited.url;
    const final = { url: origin + pathname, title: page.title, signedInAs: page.signedInAs };
    if (visited.status >= 400) {
      this.#hop(visited, 'refusal');
      const said = [page.title, page.text].filter((part) => part !== null && part !== '').join(': ');
      return { result: 'refused', reason: `${host} answered with status ${visited.status}: ${said}`, page: final };
    }
    this.#hop(visited, 'page');
    if (page.asksForPassword) return { ...astray(`${host} asks for credentials`), page: final };
    if (!goal.includes(origin)) return { ...astray(`it ended at ${host}`), page: final };
    return { result: 'arrived', reason: null, page: final };
  }

  /** Everything that is allowed besides the two orgs. */
  #targetOrigins(): string[] {
    const orgs = [this.#attempt.idpUrl, this.#attempt.spUrl].map((url) => new URL(url).origin);
    return [...this.#allowed].filter((origin) => !orgs.includes(origin));
  }

  #hop({ url, status }: Visited, kind: Hop['kind']): void {
    this.#hops.push({ host: url.host, path: url.pathname, status, kind });
  }
}

/** The same path under the address by which the org is reached here; an org may have several. */
function onHost(link: string, base: string): string {
  const { pathname, search } = new URL(link, base);
  return new URL(pathname + search, base).href;
}

function redirected(sent: Visit, { url, status }: Visited, location: string): Visit {
  const target = new URL(location, url).href;
  return status === 307 || status === 308 ? { ...sent, url: target } : { url: target, method: 'GET' };
}

function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

function untestable(reason: string): Outcome {
  return { result: 'untestable', reason, page: null };
}

function astray(reason: string): Outcome {
  return { result: 'astray', reason, page: null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
