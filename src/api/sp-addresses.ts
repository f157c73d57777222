import type { RegisteredOrg } from '../domain/normalize-federation-spec.js';

/** The addresses of an SP org that a specification may name; its URL where the registry does not have it any more. */
export function addressesOf(
  { name, url }: { readonly name: string; readonly url: string },
  registry: Readonly<Record<string, RegisteredOrg>>,
): readonly string[] {
  const registered = Object.hasOwn(registry, name) ? registry[name] : undefined;
  return registered === undefined ? [url] : [registered.url, ...(registered.alsoAt ?? [])];
}
