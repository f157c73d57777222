/** A person with a super admin's API token: seeds an org and changes it behind the product's back. */
export class OktaAdmin {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  get(path: string): Promise<unknown> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown = {}): Promise<unknown> {
    return this.send('POST', path, body);
  }

  put(path: string, body: unknown = {}): Promise<unknown> {
    return this.send('PUT', path, body);
  }

  delete(path: string): Promise<unknown> {
    return this.send('DELETE', path);
  }

  /** Creates an active user with a password; returns the id. */
  async addUser(login: string, password: string): Promise<string> {
    const [firstName = 'Some'] = login.split('@');
    return id(
      await this.post('/api/v1/users?activate=true', {
        profile: { login, email: login, firstName, lastName: 'Person' },
        credentials: { password: { value: password } },
      }),
    );
  }

  async addGroup(name: string, userIds: readonly string[] = []): Promise<string> {
    const groupId = id(await this.post('/api/v1/groups', { profile: { name } }));
    for (const userId of userIds) await this.put(`/api/v1/groups/${groupId}/users/${userId}`);
    return groupId;
  }

  private async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `SSWS ${this.token}`, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}

/** The id of an object that Okta answered. */
export function id(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string')
    return answer.id;
  throw new Error('the answer has no id');
}

/** The objects of a list that Okta answered. */
export function objects(answer: unknown): Record<string, unknown>[] {
  if (!Array.isArray(answer)) throw new Error('the answer is no list');
  return answer;
}
