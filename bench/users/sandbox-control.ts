import { z } from 'zod';

const Request = z.object({
  org: z.string(),
  operation: z.string().nullable(),
  method: z.string(),
  path: z.string(),
  write: z.boolean(),
  /** When it came, ISO 8601. */
  time: z.string(),
  status: z.number().nullable(),
});
/** One request of the product to an org. */
export type OktaRequest = z.output<typeof Request>;

const domain = 'acme.example';

/** Users with the logins `{prefix}{number}@acme.example`, counted from 1. */
export interface SeededUsers {
  readonly prefix: string;
  readonly count: number;
  /** Groups of the org, of the SP org where they are in both. */
  readonly groups?: readonly string[];
}

/** A sandbox in a process of its own, by its control server. */
export class SandboxControl {
  constructor(
    readonly url: string,
    readonly pid: number,
  ) {}

  async withoutLimits(): Promise<void> {
    await this.#send('PUT', '/settings', { latencyMs: 0, rateLimits: { factor: 100_000 } });
  }

  /** Makes every answer of both orgs take so much longer. */
  async latency(latencyMs: number): Promise<void> {
    await this.#send('PUT', '/settings', { latencyMs });
  }

  /** Okta's limits times `factor`, in windows of that length. */
  async limits({
    factor,
    windowMs,
    latencyMs,
  }: {
    factor: number;
    windowMs: number;
    latencyMs: number;
  }): Promise<void> {
    await this.#send('PUT', '/settings', { latencyMs, rateLimits: { factor, windowMs } });
  }

  /** Puts users into both orgs who were provisioned by the app long ago. */
  async seedProvisioned(users: SeededUsers & { readonly appId: string; identityProviderId?: string }): Promise<void> {
    await this.#send('POST', '/seed', { org: 'idp', provisionedUsers: { domain, ...users } });
  }

  /** Puts users into one org; who is there already stays as it is. */
  async seedMany(org: 'idp' | 'sp', users: SeededUsers & { readonly status?: string }): Promise<void> {
    await this.#send('POST', '/seed', { org, manyUsers: { domain, ...users } });
  }

  /** Puts the people of the benchmark into the IdP org. */
  async seed(users: number): Promise<void> {
    const groups = [{ name: 'Partner users' }];
    await this.#send('POST', '/seed', { org: 'idp', groups });
    await this.seedMany('idp', { prefix: 'user', count: users });
  }

  /** Waits until both orgs have done what they do after they have answered. */
  async idle(): Promise<void> {
    await this.#send('POST', '/idle');
  }

  async forgetRequests(): Promise<void> {
    await this.#send('DELETE', '/requests');
  }

  /** The requests of the product since they were last forgotten, oldest first. */
  async requests(): Promise<readonly OktaRequest[]> {
    return z.array(Request).parse(await this.#send('GET', '/requests?from=client'));
  }

  async #send(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(this.url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} of the sandbox: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
