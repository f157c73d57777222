import type { z } from 'zod';

/** An org as its first administrator has it: address and API token. */
export interface OrgAdminAccess {
  readonly url: string;
  readonly token: string;
}

/** What a person with administrator rights does by hand in one org, through Okta's Management API. */
export class OrgAdmin {
  constructor(private readonly access: OrgAdminAccess) {}

  get url(): string {
    return this.access.url;
  }

  /** @throws Error with Okta's answer if it is not a success. */
  async send<Answer extends z.ZodType>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    schema: Answer,
  ): Promise<z.output<Answer>> {
    const response = await fetch(new URL(path, this.access.url), {
      method,
      headers: { authorization: `SSWS ${this.access.token}`, 'content-type': 'application/json' },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return schema.parse(text === '' ? undefined : JSON.parse(text));
  }
}
