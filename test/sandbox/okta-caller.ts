import type { RunningOrg } from '../../sandbox/control/running-sandbox.js';

/** An answer of an org with its parsed body. */
export interface OktaAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape and say what they expect of them
  readonly body: any;
  readonly headers: Headers;
}

export interface CallOptions {
  readonly body?: unknown;
  /** The `Authorization` header; the administrator's API token where absent. */
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the Management API of an org. */
export async function call(
  org: Pick<RunningOrg, 'url' | 'token'>,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<OktaAnswer> {
  const { body, authorization = `SSWS ${org.token}`, headers = {} } = options;
  const answer = await fetch(`${org.url}${path}`, {
    method,
    headers: {
      accept: 'application/json',
      ...(authorization === '' ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text), headers: answer.headers };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
