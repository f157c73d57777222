import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyInstance } from 'fastify';
import { ExpiringIds } from '../saml/expiring-ids.js';
import { maximumForm } from '../saml/posted-response.js';
import { ActivityLog } from './activity-log.js';
import { adminRoutes } from './admin.js';
import { Members } from './members.js';
import { signOnRoutes } from './sign-on.js';
import type { SsoSettings } from './sso-settings.js';

export interface TargetAppOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The clock that decides whether an assertion is valid; the machine's by default. */
  readonly clock?: { now(): number };
}

/** All state of the target app. */
export interface TargetAppState {
  url: string;
  sso: SsoSettings | null;
  readonly audience: string;
  readonly clock: { now(): number };
  readonly members: Members;
  readonly log: ActivityLog;
  /** Session cookie to login. */
  readonly sessions: ExpiringIds<string>;
  readonly usedAssertions: ExpiringIds;
  readonly sentRequests: ExpiringIds;
}

/** A running target app. */
export interface TargetApp {
  readonly url: string;
  /** Where the SP org's app posts its SAML Response. */
  readonly acsUrl: string;
  readonly audience: string;
  readonly state: TargetAppState;
  stop(): Promise<void>;
}

/** Audience that the target app's catalog entry carries. */
const targetAppAudience = 'Dropbox';

/** Starts the target app on 127.0.0.1: a SAML service provider with an admin console, not configured yet. */
export async function startTargetApp(options: TargetAppOptions = {}): Promise<TargetApp> {
  const state: TargetAppState = {
    url: '',
    sso: null,
    audience: targetAppAudience,
    clock: options.clock ?? { now: () => Date.now() },
    members: new Members(),
    log: new ActivityLog(),
    sessions: new ExpiringIds(),
    usedAssertions: new ExpiringIds(),
    sentRequests: new ExpiringIds(),
  };
  const app = Fastify({ bodyLimit: maximumForm });
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: maximumForm });
  adminRoutes(app, state);
  signOnRoutes(app, state);
  state.url = await listen(app, options.port ?? 0);
  return {
    url: state.url,
    acsUrl: `${state.url}/saml_login`,
    audience: state.audience,
    state,
    stop: () => app.close(),
  };
}

/** A new value for a cookie that no one can guess. */
export function newCookie(): string {
  return randomBytes(24).toString('base64url');
}

async function listen(app: FastifyInstance, port: number): Promise<string> {
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address() as AddressInfo;
  return `http://127.0.0.1:${address.port}`;
}
