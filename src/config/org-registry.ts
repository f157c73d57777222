import { z } from 'zod';
import { Org2OrgError } from '../domain/errors.js';
import { Name, SecretReference } from '../domain/federation-spec.js';
import { normalizeOrgUrl } from '../domain/normalize-federation-spec.js';
import { usualRateShare } from '../domain/rate-share.js';
import { EventHookSecrets } from './event-hook-secrets.js';

/** Less than the heartbeat timeout: the request of a worker that died is over before another worker tries again. */
const longestRequestMs = 50_000;

const Rate = z.strictObject({
  /** Of the limit that Okta's headers show, how much all workers together use. */
  share: z.number().gt(0).max(1).default(usualRateShare),
});

const PrivateKey = z.strictObject({
  clientId: z.string().min(1),
  keyId: z.string().min(1),
  /** Reference to an RSA private key, PEM or JWK. */
  key: SecretReference,
  scopes: z
    .array(z.string().regex(/^okta\.[A-Za-z.]+$/, 'must be a scope of Okta, for example okta.apps.manage'))
    .min(1),
});

const Auth = z
  .strictObject({ privateKey: PrivateKey.optional(), apiToken: SecretReference.optional() })
  .transform((auth, context): OrgAuth => {
    if (auth.privateKey !== undefined && auth.apiToken === undefined) return { privateKey: auth.privateKey };
    if (auth.apiToken !== undefined && auth.privateKey === undefined) return { apiToken: auth.apiToken };
    context.addIssue({ code: 'custom', message: 'write either privateKey or apiToken' });
    return z.NEVER;
  });

const OrgUrl = z.string().transform((value, context) => {
  const checked = normalizeOrgUrl(value);
  if ('url' in checked) return checked;
  context.addIssue({ code: 'custom', message: `${checked.wrong}. ${checked.fix}` });
  return z.NEVER;
});

const Org = z.strictObject({
  url: OrgUrl,
  alsoAt: z.array(OrgUrl).default([]),
  auth: Auth.nullish(),
  specificationSecrets: z.array(SecretReference).default([]),
  requestTimeoutMs: z.number().int().min(100).max(longestRequestMs).default(30_000),
  rate: Rate.optional(),
  eventHook: EventHookSecrets.optional(),
});

/** The part `orgs` of the configuration file. */
export const OrgRegistryDocument = z.record(Name, Org);

/** How a worker signs in to an org. Both kinds hold references, never secrets. */
export type OrgAuth =
  | { readonly privateKey: z.output<typeof PrivateKey> }
  | { readonly apiToken: z.output<typeof SecretReference> };

/** What it takes to talk to an org. */
export interface OrgAccess {
  readonly name: string;
  /** Without a trailing slash. */
  readonly url: string;
  /** Null where this process only needs to know name and URL. */
  readonly auth: OrgAuth | null;
  /** Time limit of one request to Okta. */
  readonly requestTimeoutMs: number;
  /** How much of Okta's rate limits all workers together use. */
  readonly rate?: z.output<typeof Rate> | undefined;
}

/** One registered org. */
export interface OrgConfig extends OrgAccess {
  /** Other addresses under which users reach the org, custom domains for example; written like `url`. */
  readonly alsoAt: readonly string[];
  /** The only references that a specification may have the worker of this org resolve. */
  readonly specificationSecrets: readonly string[];
  /** Which event hooks of the org the API takes; none where nothing stands. */
  readonly eventHook?: EventHookSecrets | undefined;
}

/** All registered orgs by name. */
export type OrgRegistry = ReadonlyMap<string, OrgConfig>;

/** Makes the registry of a checked document; `notices` says what was changed on the way. */
export function orgRegistry(document: z.output<typeof OrgRegistryDocument>): {
  orgs: OrgRegistry;
  notices: readonly string[];
} {
  const entries = Object.entries(document);
  const orgs = entries.map(([name, { url, alsoAt, auth, ...rest }]): [string, OrgConfig] => [
    name,
    { name, url: url.url, alsoAt: alsoAt.map((other) => other.url), auth: auth ?? null, ...rest },
  ]);
  const notices = entries.flatMap(([name, { url, alsoAt }]) =>
    [{ ...url, field: 'url' }, ...alsoAt.map((other, index) => ({ ...other, field: `alsoAt/${index}` }))]
      .filter(({ slashRemoved }) => slashRemoved)
      .map(({ field }) => `/orgs/${name}/${field}: the trailing slash was removed, Okta wants none.`),
  );
  return { orgs: new Map(orgs), notices };
}

/** @throws Org2OrgError `O2O_ORG_UNKNOWN` */
export function findOrg(orgs: OrgRegistry, name: string): OrgConfig {
  const org = orgs.get(name);
  if (org === undefined) throw new Org2OrgError('O2O_ORG_UNKNOWN', { org: name });
  return org;
}
