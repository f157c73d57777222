import { readOpenApi } from '../../../sandbox/conformance/openapi.js';
import type { Org, OrgOptions } from '../../../sandbox/core/org.js';
import type { Json } from '../../../sandbox/core/records.js';
import { asObject } from '../../../sandbox/core/routing.js';
import { createOrgServer } from '../../../sandbox/core/server.js';
import { installManagement } from '../../../sandbox/management/management.js';
import { newOrg } from '../../../sandbox/management/new-org.js';

/** One answer of an org. */
export interface OrgAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
  /** The body as an object, empty if it is none. */
  readonly object: Json;
  /** The body as a list of objects. */
  readonly list: Json[];
}

/** An org on a free port. Every answer must fit Okta's API description, where that is at hand. */
export interface OrgClient {
  readonly org: Org;
  readonly adminId: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<OrgAnswer>;
  stop(): Promise<void>;
}

const openApi = readOpenApi();

/** Starts an org with the Management API only: without access checks, so that each call is the administrator's. */
export async function startOrg(options: Partial<OrgOptions> = {}): Promise<OrgClient> {
  const { org, adminId } = newOrg({ name: 'acme', ...options });
  const server = await createOrgServer(org, [installManagement]);
  org.url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    org,
    adminId,
    call: async (method, path, body, headers = {}) => {
      const response = await fetch(org.url + path, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text;
      const violations = openApi?.checkResponse(method, path, response.status, json === '' ? undefined : json) ?? [];
      if (violations.length > 0) throw new Error(`${method} ${path}: ${violations.join('\n')}\n${text.slice(0, 500)}`);
      return {
        status: response.status,
        body: json,
        headers: response.headers,
        object: asObject(json),
        list: Array.isArray(json) ? json.map(asObject) : [],
      };
    },
    stop: async () => {
      org.background.stop();
      await server.close();
    },
  };
}

/** The error code of an answer with the texts of its causes. */
export function errorOf(answer: OrgAnswer): { code: unknown; causes: unknown[] } {
  const causes = Array.isArray(answer.object.errorCauses) ? answer.object.errorCauses : [];
  return { code: answer.object.errorCode, causes: causes.map((cause) => asObject(cause).errorSummary) };
}

let counter = 0;

/** Body of a user that no other test has. */
export function userBody(more: Json = {}): Json {
  counter += 1;
  const login = `user${counter}@example.com`;
  return {
    profile: { firstName: 'Ada', lastName: `Example${counter}`, email: login, login, ...asObject(more.profile) },
    ...(more.credentials === undefined ? {} : { credentials: more.credentials }),
  };
}

/** Creates a user with a password and gives its id. */
export async function createActiveUser(client: OrgClient): Promise<string> {
  const answer = await client.call(
    'POST',
    '/api/v1/users',
    userBody({ credentials: { password: { value: 'Correct-Horse-7' } } }),
  );
  return String(answer.object.id);
}

/** Body of a SAML app that an administrator makes. */
export function samlApp(label: string): Json {
  return {
    label,
    signOnMode: 'SAML_2_0',
    settings: {
      signOn: {
        ssoAcsUrl: 'https://app.example.com/acs',
        audience: 'https://app.example.com',
        recipient: 'https://app.example.com/acs',
        destination: 'https://app.example.com/acs',
        subjectNameIdTemplate: '${user.userName}',
        subjectNameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      },
    },
  };
}

/** Body of an Org2Org app. */
export function org2orgApp(label: string): Json {
  return {
    name: 'okta_org2org',
    label,
    signOnMode: 'SAML_2_0',
    settings: { app: { baseUrl: 'https://sp.example.com' } },
  };
}
