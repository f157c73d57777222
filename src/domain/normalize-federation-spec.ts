import type { z } from 'zod';
import type { FederationOrgs } from './assessment.js';
import { Org2OrgError } from './errors.js';
import type { FederationSpec, FederationSpecDocument } from './federation-spec.js';

/** What the normaliser needs to know of a registered org. */
export interface RegisteredOrg {
  readonly url: string;
  /** Other addresses of the org, normalised as `url` is. */
  readonly alsoAt?: readonly string[];
}

/** One thing that is wrong with a field, for the answer 400. */
export interface FieldIssue {
  /** JSON pointer into the document that was sent. */
  readonly pointer: string;
  readonly message: string;
  readonly fix: string;
}

/** The specification breaks a rule that only the registry or Okta's URL rules can tell. */
export class SpecIssues extends Org2OrgError {
  readonly issues: readonly FieldIssue[];

  constructor(
    code: 'O2O_SPEC_INVALID' | 'O2O_ORG_UNKNOWN',
    issues: readonly FieldIssue[],
    values: Record<string, string> = {},
  ) {
    super(code, values);
    this.issues = issues;
  }
}

export interface NormalizedFederation {
  readonly spec: FederationSpec;
  readonly orgs: FederationOrgs;
  /** What was changed on the way, for example a trailing slash that was removed. */
  readonly notices: readonly string[];
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks an org's base URL as the guide demands it: https (loopback excepted), no trailing slash, nothing but the origin.
 *
 * @returns the URL without trailing slash and whether one was removed, or what is wrong with it.
 */
export function normalizeOrgUrl(
  value: string,
): { url: string; slashRemoved: boolean } | { wrong: string; fix: string } {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return { wrong: 'is not a URL', fix: 'Write it like https://dev-12345.okta.com' };
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.test(url.hostname))) {
    return {
      wrong: `must use https, not ${url.protocol.replace(':', '')}`,
      fix: 'Okta orgs are reached by https only: write https://…',
    };
  }
  if (
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== '' ||
    !/^\/*$/.test(url.pathname)
  ) {
    return {
      wrong: 'must be the address of the org only',
      fix: 'Remove user, path, query and fragment: https://dev-12345.okta.com',
    };
  }
  return { url: url.origin, slashRemoved: value.trim().endsWith('/') };
}

/**
 * Fills in the defaults that depend on the org registry and normalises URLs.
 *
 * @throws SpecIssues (`O2O_ORG_UNKNOWN`, `O2O_SPEC_INVALID`) with a JSON pointer and the fix for each field.
 */
export function normalizeFederationSpec(
  document: z.output<typeof FederationSpecDocument>,
  registry: Readonly<Record<string, RegisteredOrg>>,
): NormalizedFederation {
  const notices: string[] = [];
  const registered = (name: string) => (Object.hasOwn(registry, name) ? registry[name] : undefined);
  const idp = registered(document.idp);
  const sp = registered(document.sp);
  if (idp === undefined || sp === undefined) {
    const missing = idp === undefined ? 'idp' : 'sp';
    throw new SpecIssues(
      'O2O_ORG_UNKNOWN',
      [
        {
          pointer: `/${missing}`,
          message: `the org ${document[missing]} is not in the org registry`,
          fix: `Use one of: ${Object.keys(registry).sort().join(', ')}; or add the org to the registry.`,
        },
      ],
      { org: document[missing] },
    );
  }
  let baseUrl = sp.url;
  if (document.org2orgApp.baseUrl !== undefined) {
    const normalized = normalizeOrgUrl(document.org2orgApp.baseUrl);
    if ('wrong' in normalized) {
      throw new SpecIssues('O2O_SPEC_INVALID', [
        { pointer: '/org2orgApp/baseUrl', message: normalized.wrong, fix: normalized.fix },
      ]);
    }
    const addresses = [sp.url, ...(sp.alsoAt ?? [])];
    if (!addresses.includes(normalized.url)) {
      throw new SpecIssues('O2O_SPEC_INVALID', [
        {
          pointer: '/org2orgApp/baseUrl',
          message: `is no registered address of the org ${document.sp}`,
          fix: `Use one of: ${addresses.join(', ')}; or add the address to orgs.${document.sp}.alsoAt in the org registry.`,
        },
      ]);
    }
    if (normalized.slashRemoved) notices.push('/org2orgApp/baseUrl: the trailing slash was removed, Okta wants none.');
    baseUrl = normalized.url;
  }
  const { org2orgApp, identityProvider, access, ...rest } = document;
  return {
    spec: {
      ...rest,
      org2orgApp: { label: org2orgApp.label ?? `Org2Org to ${document.sp}`, baseUrl },
      identityProvider: { ...identityProvider, name: identityProvider.name ?? `${document.idp} (Org2Org)` },
      access: { group: access.group ?? `Federated from ${document.idp}` },
    },
    orgs: { idp: { name: document.idp, url: idp.url }, sp: { name: document.sp, url: sp.url } },
    notices,
  };
}
