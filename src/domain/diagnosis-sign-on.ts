import type { Check } from './check.js';
import { both, checkOn, failed, judge, notWithout, passed } from './diagnosis-check.js';
import type { DiagnosisInput, IdpFacts, Look, SpFacts } from './diagnosis-facts.js';
import type { SeenIdentityProvider } from './identity-provider.js';
import { crossCheckConfiguration } from './sign-on.js';
import type { UserView } from './user-lifecycle.js';
import { checkUserSignOn } from './user-sign-on.js';

const again = 'Send the same PUT of the federation again: it enters the value anew.';

/** Fields that both orgs must hold alike, in the order in which the SP org looks at them. */
const crossChecked = ['identityProviderActive', 'issuer', 'audience', 'acsUrl', 'ssoUrl', 'certificate'] as const;

/** Whether both halves of the SAML trust agree: needs no user. */
export function trustChecks(input: DiagnosisInput, idp: IdpFacts, sp: SpFacts): Check[] {
  const look = both(both(idp.app, idp.metadata), both(sp.identityProvider, sp.trustedKeys));
  const compared = look.problem === null ? compare(input, look.seen[0], look.seen[1]) : ('unread' as const);
  const statements: Readonly<Record<(typeof crossChecked)[number], string>> = {
    identityProviderActive: 'The identity provider of the SP org is active',
    issuer: 'The SP org expects the issuer that the IdP org sends',
    audience: 'The assertion names the audience that the SP org expects',
    acsUrl: "The Org2Org app posts to the identity provider's ACS URL",
    ssoUrl: 'The SP org sends sign-ins to the Org2Org app',
    certificate: 'The SP org trusts the certificate with which the IdP org signs',
  };
  return [
    ...crossChecked.map((name) =>
      checkOn(name, statements[name], look, () => {
        const found = compared === 'unread' ? undefined : compared?.find((check) => check.name === name);
        if (found !== undefined) return { result: found.result, detail: found.detail, fix: found.fix };
        const gone = sp.identityProvider.problem === null && sp.identityProvider.seen === null;
        return name === 'identityProviderActive' && gone
          ? failed('the identity provider is gone', 'Send the same PUT of the federation again: it makes it anew.')
          : notWithout(gone ? 'identity provider' : 'Org2Org app');
      }),
    ),
    checkOn('overrides', 'No override of the Org2Org app sends the assertion elsewhere', idp.app, (app) => {
      if (app === null) return notWithout('Org2Org app');
      const set = Object.keys(app.overrides);
      return judge(set.length === 0, set.length === 0 ? 'none is set' : `set: ${set.join(', ')}`, again);
    }),
    checkOn(
      'certificateValid',
      'The certificates have not expired',
      both(idp.metadata, sp.trustedKeys),
      ([metadata, keys]) => {
        if (metadata === null) return notWithout('Org2Org app');
        const trusted = keys.find(({ thumbprint }) => thumbprint === metadata.thumbprint);
        const until = [metadata.expiresAt, ...(trusted?.expiresAt == null ? [] : [trusted.expiresAt])].sort()[0] ?? '';
        return judge(
          until > idp.readAt,
          `valid until ${until}`,
          'Generate a new signing key for the Org2Org app in the IdP org (Sign On > SAML Signing Certificates), then PUT the federation: the SP org trusts it from then on.',
        );
      },
    ),
  ];
}

type AppAndMetadata = readonly [IdpFacts['app']['seen'], IdpFacts['metadata']['seen']];
type ProviderAndKeys = readonly [SeenIdentityProvider | null, NonNullable<SpFacts['trustedKeys']['seen']>];

function compare(input: DiagnosisInput, [app, metadata]: AppAndMetadata, [provider, keys]: ProviderAndKeys) {
  if (app === null || metadata === null || provider === null) return null;
  return crossCheckConfiguration(
    {
      appStatus: app.status,
      acsUrl: app.acsUrl,
      audRestriction: app.audRestriction,
      issuer: metadata.issuer,
      ssoUrl: metadata.ssoUrl,
      thumbprint: metadata.thumbprint,
      connectionStatus: '',
      features: null,
      evidence: [],
    },
    {
      idpStatus: provider.status,
      acsUrl: provider.acsUrl,
      audience: provider.audience,
      issuer: provider.issuer,
      ssoUrl: provider.ssoUrl,
      thumbprints: keys.flatMap(({ thumbprint }) => thumbprint ?? []),
    },
    input.federation.features,
  );
}

/** Whether the identity provider makes this very user of the name that the IdP org sends. */
export function subjectChecks(input: DiagnosisInput, idp: IdpFacts, sp: SpFacts): Check[] {
  const look = both(both(idp.assignment, sp.user), both(sp.identityProvider, sp.identityProviderIds));
  const checked = look.problem === null ? checkedSubject(input, look.seen[0], look.seen[1]) : null;
  const policy = (name: string, statement: string) =>
    checkOn(name, statement, look, ([[, user], [provider, linkedTo]]) => {
      const found = checked?.find((check) => check.name === name);
      if (found === undefined) return notWithout(provider === null ? 'identity provider' : 'user to compare with');
      const others = linkedTo.filter((id) => id !== input.federation.identityProviderId);
      const elsewhere = others.length === 0 || user === null ? '' : `; linked to ${others.join(', ')}`;
      return { result: found.result, detail: `${found.detail}${elsewhere}`, fix: found.fix };
    });
  return [
    checkOn('subjectTemplate', 'The IdP username is the subject of the assertion', sp.identityProvider, (provider) =>
      provider === null
        ? notWithout('identity provider')
        : judge(provider.subjectTemplate === 'idpuser.subjectNameId', provider.subjectTemplate ?? 'nothing', again),
    ),
    policy('subjectMatches', 'The name that the IdP org sends is the one by which the SP org finds this user'),
    policy('subjectFilter', 'The name passes the filter of the identity provider'),
    policy('accountLink', 'The account is linked, or will be at the first sign-on'),
  ];
}

function checkedSubject(
  { federation, login }: DiagnosisInput,
  [assignment, user]: readonly [IdpFacts['assignment']['seen'], UserView | null],
  [provider, linkedTo]: readonly [SeenIdentityProvider | null, readonly string[]],
): readonly Check[] | null {
  if (assignment === null || user === null || provider === null) return null;
  return checkUserSignOn(
    { federation, login, kind: 'onboard', profile: null, assignBy: 'direct' },
    assignment,
    user,
    linkedTo.includes(federation.identityProviderId),
    {
      status: provider.status,
      accountLink: provider.accountLink,
      matchType: provider.subjectMatch,
      filter: provider.subjectFilter,
      provisioning: provider.jit,
    },
  );
}

/** Just-in-time provisioning matters where there is no SP user yet. */
export function jitCheck({ federation }: DiagnosisInput, sp: SpFacts): Check {
  const look: Look<readonly [SeenIdentityProvider | null, UserView | null]> = both(sp.identityProvider, sp.user);
  return checkOn('jit', 'Just-in-time provisioning of the identity provider is as agreed', look, ([provider, user]) => {
    if (provider === null) return notWithout('identity provider');
    const wanted = federation.identityProvider.jit ? 'AUTO' : 'DISABLED';
    if (user !== null) return passed(`${provider.jit ?? 'not set'}; the user exists already`);
    return judge(provider.jit === wanted, `${provider.jit ?? 'not set'}, specified ${wanted}`, again);
  });
}
