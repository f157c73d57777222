import { Org2OrgError } from '../domain/errors.js';
import { setPath } from '../domain/identity-provider.js';
import { decideTrustedKeys, type TrustedKeys } from '../domain/trusted-keys.js';
import { findIdentityProvider, type IdentityProvider, replaceIdentityProvider } from '../okta/identity-providers.js';
import type { Resource } from './resource.js';

function seenTrustedKeys({ protocol: { credentials } }: IdentityProvider): TrustedKeys {
  return { kid: credentials?.trust?.kid ?? null, additionalKids: credentials?.trust?.additionalKids ?? [] };
}

/** Which certificates the identity provider trusts. */
export function trustedKeys(wanted: TrustedKeys): Resource<IdentityProvider | null> {
  return {
    name: 'identityProvider',
    side: 'sp',

    async observe(session, { known: { identityProviderId } }) {
      return identityProviderId === undefined ? null : findIdentityProvider(session, identityProviderId);
    },

    decide: (input, found) => decideTrustedKeys(input, found === null ? null : seenTrustedKeys(found), wanted),

    async write(session, _input, found) {
      if (found === null) throw new Org2OrgError('O2O_INTERNAL');
      const whole = structuredClone(found);
      setPath(whole, 'protocol.credentials.trust.kid', wanted.kid);
      setPath(whole, 'protocol.credentials.trust.additionalKids', wanted.additionalKids);
      await replaceIdentityProvider(session, found.id, whole);
      return {};
    },
  };
}
