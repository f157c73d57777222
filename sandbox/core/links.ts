import type { Org } from './org.js';

export interface Link {
  readonly href: string;
  readonly method?: string;
  readonly hints?: { readonly allow: readonly string[] };
  readonly type?: string;
  readonly name?: string;
}

/** Absolute address of a path of the Management API. */
export function apiUrl(org: Org, path: string): string {
  return `${org.url}/api/v1${path}`;
}

/** A link to a path of the Management API, with the methods that it takes if Okta names them. */
export function link(org: Org, path: string, ...allow: string[]): Link {
  return allow.length === 0 ? { href: apiUrl(org, path) } : { href: apiUrl(org, path), hints: { allow } };
}

/** A link that names its one method, as those of users do. */
export function postLink(org: Org, path: string): Link {
  return { href: apiUrl(org, path), method: 'POST' };
}

/** Address of the org's administrator console. */
export function adminUrl(org: Org): string {
  return org.url;
}

/** Logos that Okta shows in two sizes. */
export function logoLinks(org: Org, name: string): readonly Link[] {
  return ['medium', 'large'].map((size) => ({
    name: size,
    href: `${org.url}/assets/img/logos/${name}-${size}.png`,
    type: 'image/png',
  }));
}
