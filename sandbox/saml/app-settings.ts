import { z } from 'zod';
import { ExpressionInvalid, evaluate } from '../core/expression.js';
import type { Org } from '../core/org.js';
import type { App, AppUser, User } from '../core/records.js';
import { issuerOf, ssoUrlOf } from '../management/apps.js';
import { nameIdFormats, passwordProtectedTransport, type SignatureAlgorithm } from './names.js';
import type { SamlAttribute } from './response.js';

const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);

const AttributeStatement = z.object({
  type: z.string().nullish(),
  name: z.string().min(1),
  namespace: z.string().nullish(),
  values: z.array(z.string()).nullish(),
  filterType: z.string().nullish(),
  filterValue: z.string().nullish(),
});
type AttributeStatement = z.output<typeof AttributeStatement>;

/** The part of an app's `settings` that sign-on reads: catalog apps and apps of one's own have different fields. */
const Settings = z.object({
  app: z.record(z.string(), z.unknown()).nullish().catch(null),
  signOn: z
    .object({
      defaultRelayState: text,
      ssoAcsUrl: text,
      ssoAcsUrlOverride: text,
      audience: text,
      audienceOverride: text,
      recipient: text,
      recipientOverride: text,
      destination: text,
      destinationOverride: text,
      subjectNameIdFormat: text,
      authnContextClassRef: text,
      signatureAlgorithm: text,
      responseSigned: flag,
      assertionSigned: flag,
      attributeStatements: z.array(AttributeStatement).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

/** How an app signs people in, with everything filled in. */
export interface AppSignOn {
  readonly issuer: string;
  readonly ssoUrl: string;
  readonly acsUrl: string;
  readonly destination: string;
  readonly recipient: string;
  readonly audience: string;
  readonly nameIdFormat: string;
  readonly authnContext: string;
  readonly algorithm: SignatureAlgorithm;
  readonly signResponse: boolean;
  readonly signAssertion: boolean;
  readonly defaultRelayState: string | null;
  readonly attributeStatements: readonly AttributeStatement[];
}

/** The sign-on settings of a SAML app; null while it lacks an ACS URL or an audience. */
export function appSignOn(org: Org, app: App): AppSignOn | null {
  const settings = Settings.parse(app.settings);
  const signOn = settings.signOn ?? {};
  const built = catalogEndpoints(org, app, settings.app ?? {});
  const acsUrl = signOn.ssoAcsUrlOverride || signOn.ssoAcsUrl || built.acsUrl;
  const audience = signOn.audienceOverride || signOn.audience || built.audience;
  if (!acsUrl || !audience) return null;
  return {
    issuer: issuerOf(app),
    ssoUrl: ssoUrlOf(org, app),
    acsUrl,
    audience,
    destination: signOn.destinationOverride || signOn.destination || acsUrl,
    recipient: signOn.recipientOverride || signOn.recipient || acsUrl,
    nameIdFormat: signOn.subjectNameIdFormat || catalogNameIdFormat(app),
    authnContext: signOn.authnContextClassRef || passwordProtectedTransport,
    algorithm: signOn.signatureAlgorithm === 'RSA_SHA1' ? 'SHA-1' : 'SHA-256',
    signResponse: signOn.responseSigned ?? true,
    signAssertion: signOn.assertionSigned ?? true,
    defaultRelayState: signOn.defaultRelayState || null,
    attributeStatements: signOn.attributeStatements ?? [],
  };
}

/** The name id format of a catalog app, in its metadata as in its responses. */
export function catalogNameIdFormat(app: App): string {
  return app.name === 'okta_org2org' ? nameIdFormats.unspecified : nameIdFormats.emailAddress;
}

/** What the catalog entry of an app knows by itself. */
function catalogEndpoints(org: Org, app: App, settings: Readonly<Record<string, unknown>>) {
  const setting = (name: string) => (typeof settings[name] === 'string' ? settings[name] : null);
  if (app.name === 'okta_org2org') {
    return {
      acsUrl: setting('acsUrl'),
      audience: setting('audRestriction'),
    };
  }
  if (app.name === 'dropbox_for_business') {
    return {
      acsUrl: org.targetAppUrl === '' ? null : `${org.targetAppUrl}/saml_login`,
      audience: 'Dropbox',
    };
  }
  return { acsUrl: null, audience: null };
}

const orgToOrgAttributes = ['login', 'firstName', 'lastName', 'email'];

/**
 * The attributes that the app sends about a user. Org2Org sends by itself what the other org needs to create the user;
 * an attribute statement with the same name takes its place.
 */
export function samlAttributes(
  signOn: AppSignOn,
  app: App,
  user: User,
  appUser: AppUser,
  groupNames: readonly string[],
): SamlAttribute[] {
  const attributes = new Map<string, SamlAttribute>();
  const uri = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';
  for (const name of app.name === 'okta_org2org' ? orgToOrgAttributes : []) {
    const value = user.profile[name];
    if (typeof value === 'string') attributes.set(name, { name, nameFormat: uri, values: [value] });
  }
  for (const statement of signOn.attributeStatements) {
    const values = statement.type === 'GROUP' ? matching(groupNames, statement) : evaluated(statement, user, appUser);
    const nameFormat = statement.namespace ?? 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified';
    if (values.length === 0) attributes.delete(statement.name);
    else attributes.set(statement.name, { name: statement.name, nameFormat, values });
  }
  return [...attributes.values()];
}

function evaluated(statement: AttributeStatement, user: User, appUser: AppUser): string[] {
  const scope = {
    user: { ...user.profile, id: user.id },
    source: { ...user.profile, id: user.id },
    appuser: { ...appUser.profile, userName: appUser.userName },
  };
  return (statement.values ?? []).flatMap((expression) => {
    const value = evaluatedOrText(expression, scope);
    const list = Array.isArray(value) ? value : [value];
    return list.filter((entry) => entry !== null && entry !== undefined && entry !== '').map(String);
  });
}

function evaluatedOrText(expression: string, scope: Parameters<typeof evaluate>[1]): unknown {
  try {
    return evaluate(expression, scope);
  } catch (error) {
    if (error instanceof ExpressionInvalid) return expression;
    throw error;
  }
}

function matching(names: readonly string[], { filterType, filterValue }: AttributeStatement): string[] {
  const wanted = filterValue ?? '';
  const test = {
    STARTS_WITH: (name: string) => name.startsWith(wanted),
    EQUALS: (name: string) => name === wanted,
    CONTAINS: (name: string) => name.includes(wanted),
    REGEX: (name: string) => wholeMatch(wanted, name),
  }[filterType ?? 'STARTS_WITH'];
  return test === undefined ? [] : names.filter(test);
}

/** Whether the regular expression matches the whole text. One that cannot be read matches nothing. */
export function wholeMatch(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return false;
  }
}
