import { z } from 'zod';
import { Link, Nothing } from './answer.js';
import { path, quoted } from './request-path.js';
import { type SamlMetadata, SamlMetadataXml } from './saml-metadata.js';
import type { OktaSession } from './session.js';

/** An app instance. What is not named here is kept, so that a whole object can be read, changed and written back. */
export const Application = z.looseObject({
  id: z.string(),
  name: z.string(),
  label: z.string(),
  status: z.string(),
  /** Null for apps without sign-on. */
  signOnMode: z.string().nullable(),
  features: z.array(z.string()).nullish(),
  credentials: z
    .looseObject({
      userNameTemplate: z.looseObject({ template: z.string().nullish() }).nullish(),
      signing: z.looseObject({ kid: z.string().nullish() }).nullish(),
      oauthClient: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  settings: z
    .looseObject({
      app: z.record(z.string(), z.unknown()).nullish(),
      signOn: z.record(z.string(), z.unknown()).nullish(),
      oauthClient: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  _links: z.looseObject({ appLinks: z.array(Link.extend({ name: z.string().nullish() })).nullish() }).nullish(),
});
export type Application = z.output<typeof Application>;

/** Body of a new app, or of a replacement: whatever Okta's catalog app takes. */
export type ApplicationBody = Readonly<Record<string, unknown>>;

const facts = (app: Application) => ({ id: app.id, status: app.status });

/** All apps of the org, or all instances of one catalog app (`name`), whatever their status. */
export function listApplications(session: OktaSession, options: { name?: string } = {}): Promise<Application[]> {
  return session.list({
    operation: 'listApplications',
    method: 'GET',
    path: '/api/v1/apps',
    query: { filter: options.name === undefined ? undefined : `name eq ${quoted(options.name)}`, limit: 200 },
    answer: z.array(Application),
    facts: (apps) => ({ ids: apps.map((app) => app.id) }),
  });
}

export function getApplication(session: OktaSession, appId: string): Promise<Application> {
  return session.call(getCall(appId));
}

/** Like `getApplication`; null if the org has no such app. */
export function findApplication(session: OktaSession, appId: string): Promise<Application | null> {
  return session.find(getCall(appId));
}

const getCall = (appId: string) =>
  ({
    operation: 'getApplication',
    method: 'GET',
    path: path`/api/v1/apps/${appId}`,
    answer: Application,
    facts,
  }) as const;

/** Creates an app and activates it. Not idempotent: each call makes another instance. */
export function createApplication(session: OktaSession, application: ApplicationBody): Promise<Application> {
  return session.call({
    operation: 'createApplication',
    method: 'POST',
    path: '/api/v1/apps',
    query: { activate: true },
    body: application,
    answer: Application,
    facts,
  });
}

/** Replaces the whole app: pass what `getApplication` returned, changed. */
export function replaceApplication(
  session: OktaSession,
  appId: string,
  application: ApplicationBody,
): Promise<Application> {
  return session.call({
    operation: 'replaceApplication',
    method: 'PUT',
    path: path`/api/v1/apps/${appId}`,
    body: application,
    answer: Application,
    facts,
  });
}

export function activateApplication(session: OktaSession, appId: string): Promise<void> {
  return session.call({
    operation: 'activateApplication',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/lifecycle/activate`,
    answer: Nothing,
    facts: () => ({ id: appId }),
  });
}

/** Switches the app off. Assignments that came from groups end in the background. */
export function deactivateApplication(session: OktaSession, appId: string): Promise<void> {
  return session.call({
    operation: 'deactivateApplication',
    method: 'POST',
    path: path`/api/v1/apps/${appId}/lifecycle/deactivate`,
    answer: Nothing,
    facts: () => ({ id: appId }),
  });
}

/** Deletes the app with its assignments. Refused with status 403 while it is active. */
export function deleteApplication(session: OktaSession, appId: string): Promise<void> {
  return session.call({
    operation: 'deleteApplication',
    method: 'DELETE',
    path: path`/api/v1/apps/${appId}`,
    answer: Nothing,
    facts: () => ({ id: appId }),
  });
}

/** The app's SAML metadata with its active signing key, or with the one named by `kid`. */
export function previewSAMLmetadataForApplication(
  session: OktaSession,
  appId: string,
  kid?: string,
): Promise<SamlMetadata> {
  return session.call({
    operation: 'previewSAMLmetadataForApplication',
    method: 'GET',
    path: path`/api/v1/apps/${appId}/sso/saml/metadata`,
    query: { kid },
    accept: 'application/xml',
    answer: SamlMetadataXml,
    facts: ({ issuer, ssoUrl, thumbprint, expiresAt }) => ({ issuer, ssoUrl, thumbprint, expiresAt }),
  });
}
