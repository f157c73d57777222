import type { ResourceInput } from '../domain/assessment.js';
import { chosenId } from '../domain/changes.js';
import type { Fact } from '../domain/evidence.js';
import {
  decideIdentityProvider,
  fixedFields,
  identityProviderFields,
  type SeenIdentityProvider,
  type SeenIdentityProviders,
  setPath,
} from '../domain/identity-provider.js';
import {
  activateIdentityProvider,
  createIdentityProvider,
  findIdentityProvider,
  type IdentityProvider,
  listIdentityProviders,
  replaceIdentityProvider,
} from '../okta/identity-providers.js';
import type { Resource } from './resource.js';

interface Seen extends SeenIdentityProviders {
  readonly providers: readonly IdentityProvider[];
}

/** The identity provider as the decisions see it. */
export function seenIdentityProvider(found: IdentityProvider): SeenIdentityProvider {
  const { endpoints, credentials } = found.protocol;
  const { policy } = found;
  return {
    id: found.id,
    name: found.name,
    status: found.status,
    issuer: credentials?.trust?.issuer ?? null,
    ssoUrl: endpoints?.sso?.url ?? null,
    destination: endpoints?.sso?.destination ?? null,
    binding: endpoints?.sso?.binding ?? null,
    kid: credentials?.trust?.kid ?? null,
    audience: credentials?.trust?.audience ?? null,
    acsUrl: found._links?.acs?.href ?? null,
    acsType: endpoints?.acs?.type ?? null,
    accountLink: policy?.accountLink?.action ?? null,
    subjectTemplate: policy?.subject?.userNameTemplate?.template ?? null,
    subjectMatch: policy?.subject?.matchType ?? null,
    subjectFilter: policy?.subject?.filter ?? null,
    jit: policy?.provisioning?.action ?? null,
    profileMaster: policy?.provisioning?.profileMaster ?? null,
    deprovisionedAction: policy?.provisioning?.conditions?.deprovisioned?.action ?? null,
    suspendedAction: policy?.provisioning?.conditions?.suspended?.action ?? null,
    maxClockSkew: policy?.maxClockSkew ?? null,
    additionalKids: credentials?.trust?.additionalKids ?? [],
    fixed: Object.fromEntries(
      Object.keys(fixedFields).flatMap((field) => {
        const value = valueAt(found, field);
        return value === undefined ? [] : [[field, fact(value)]];
      }),
    ),
  };
}

/** The value at a dotted path, undefined where there is none. */
function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce((place: unknown, key) => (isRecord(place) ? place[key] : undefined), object);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What is no plain value is shown as its JSON. */
function fact(value: unknown): Fact {
  const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  return plain ? (value as string | number | boolean | null) : JSON.stringify(value);
}

/** What a new identity provider has besides the fields that are decided. */
function template(): Record<string, unknown> {
  return {
    type: 'SAML2',
    status: 'ACTIVE',
    protocol: { type: 'SAML2' },
  };
}

function withFields(
  body: Record<string, unknown>,
  input: ResourceInput,
  seen: SeenIdentityProvider | null,
): Record<string, unknown> {
  const whole = structuredClone(body);
  for (const [field, , desired] of identityProviderFields(input, seen)) setPath(whole, field, desired);
  return whole;
}

/** The SAML 2.0 identity provider of the SP org. */
export const identityProvider: Resource<Seen> = {
  name: 'identityProvider',
  side: 'sp',

  async observe(session, input) {
    const id = chosenId(input, 'identityProvider') ?? input.known.identityProviderId;
    const found = id === undefined ? null : await findIdentityProvider(session, id);
    const providers = found === null ? await listIdentityProviders(session) : [found];
    return {
      providers,
      known: found === null ? null : seenIdentityProvider(found),
      all: found === null ? providers.map(seenIdentityProvider) : [],
    };
  },

  decide: decideIdentityProvider,

  async write(session, input, seen, change) {
    if (change.write === 'create') {
      const made = await createIdentityProvider(session, withFields(template(), input, null));
      return { identityProviderId: made.id };
    }
    const found = seen.providers.find((provider) => provider.id === input.known.identityProviderId);
    if (found === undefined) return {};
    if (change.write === 'activate') await activateIdentityProvider(session, found.id);
    else await replaceIdentityProvider(session, found.id, withFields(found, input, seenIdentityProvider(found)));
    return {};
  },
};
