import type { Change, KnownValues } from './assessment.js';
import type { Check } from './check.js';
import type { Problem } from './errors.js';
import type { Evidence } from './evidence.js';
import type { FederationSpec } from './federation-spec.js';
import {
  type FindFederation,
  type FoundApp,
  type FoundGroup,
  type FoundIdpSide,
  type FoundPair,
  type FoundSpSide,
  type FoundTarget,
  joined,
  knownOf,
} from './found-federation.js';
import type { SeenIdentityProvider } from './identity-provider.js';
import { leadsTo } from './org2org-app.js';
import { crossCheckConfiguration } from './sign-on.js';
import { specAsFound, unknownToken, wouldWrite } from './spec-as-found.js';

/** An Org2Org app and an identity provider that belong together, and the specification that describes them. */
export interface AdoptablePair {
  readonly org2orgApp: { readonly id: string; readonly label: string };
  readonly identityProvider: { readonly id: string; readonly name: string };
  /** The federation that has it already: only that one may take the specification. Null if none has. */
  readonly owner: string | null;
  /** PUT it, and the pair is a federation. */
  readonly specification: FederationSpec;
  /** What it needs a person for, before or after. */
  readonly notes: readonly string[];
  readonly known: KnownValues;
  /** Whether both ends hold the same of each other. */
  readonly checks: readonly Check[];
  /** What the setup would write. Users who lack the access group are not among it. */
  readonly changes: readonly Change[];
  /** What would keep the setup from going on. */
  readonly blockers: readonly Problem[];
}

/** One end of a connection whose other end was not found. */
export interface Unpaired {
  readonly org: string;
  readonly id: string;
  readonly label: string;
  readonly detail: string;
}

/** What there is between two orgs that somebody has federated by hand. */
export interface Adoption {
  readonly idp: string;
  readonly sp: string;
  readonly at: string;
  readonly pairs: readonly AdoptablePair[];
  readonly unpaired: readonly Unpaired[];
  readonly evidence: readonly Evidence[];
}

/** Catalog key of the guide's target app. */
const usualTarget = 'dropbox_for_business';

/** Whether the two point to each other, from at least one side. */
function belongTogether({ app, metadata }: FoundApp, provider: SeenIdentityProvider): boolean {
  return (
    (metadata !== null && provider.issuer === metadata.issuer) ||
    (app.acsUrl !== null && app.acsUrl === provider.acsUrl)
  );
}

/** What both orgs hold together. `at` is the time of the look (ISO 8601, UTC); owners are not known here. */
export function adoptablePairs(
  input: FindFederation,
  idp: FoundIdpSide,
  sp: FoundSpSide,
  at: string,
): Omit<Adoption, 'pairs'> & { readonly pairs: readonly Omit<AdoptablePair, 'owner'>[] } {
  const found = idp.apps.flatMap((app) =>
    sp.providers.filter((provider) => belongTogether(app, provider)).map((provider) => ({ app, provider })),
  );
  const { orgs, addresses } = input;
  const apps = idp.apps
    .filter(({ app }) => addresses.some((address) => leadsTo(app, address)))
    .filter((app) => !found.some((pair) => pair.app === app))
    .map(
      ({ app }): Unpaired => ({
        org: orgs.idp.name,
        id: app.id,
        label: app.label,
        detail: `an Org2Org app that leads to ${orgs.sp.name}, for whose issuer ${orgs.sp.name} has no identity provider`,
      }),
    );
  const providers = sp.providers
    .filter(({ ssoUrl }) => ssoUrl?.startsWith(`${orgs.idp.url}/app/okta_org2org/`) ?? false)
    .filter((provider) => !found.some((pair) => pair.provider === provider))
    .map(
      ({ id, name }): Unpaired => ({
        org: orgs.sp.name,
        id,
        label: name,
        detail: `an identity provider that sends sign-ins to an Org2Org app of ${orgs.idp.name}, which is not there`,
      }),
    );
  return {
    idp: orgs.idp.name,
    sp: orgs.sp.name,
    at,
    pairs: found.map(({ app, provider }) => adoptable(input, app, provider, sp)),
    unpaired: [...apps, ...providers],
    evidence: [...idp.evidence, ...sp.evidence],
  };
}

function adoptable(
  { orgs, spec: usual, addresses }: FindFederation,
  app: FoundApp,
  provider: SeenIdentityProvider,
  sp: FoundSpSide,
): Omit<AdoptablePair, 'owner'> {
  const target = likelyTarget(sp.targets);
  const group = target === null ? null : likelyGroup(target, usual.access.group);
  const pair: FoundPair = { ...joined(app, provider, sp), target: target?.app ?? null, group };
  const base = target === null ? usual : { ...usual, targetApp: targetOf(usual, target, sp.targets) };
  const specification = specAsFound(base, pair, addresses);
  const known = knownOf(pair);
  const resource = { federationId: '', spec: specification, orgs, known, chosen: {} };
  const { changes, blockers } = wouldWrite(resource, pair);
  return {
    org2orgApp: { id: app.app.id, label: app.app.label },
    identityProvider: { id: provider.id, name: provider.name },
    specification,
    notes: notesOn(specification, pair, sp.targets),
    known,
    checks: checksOf(specification, pair),
    changes,
    blockers,
  };
}

/** The one that Okta's catalog calls as the guide does, or the only one, or the only one that a group has. */
function likelyTarget(targets: readonly FoundTarget[]): FoundTarget | null {
  const usual = targets.filter(({ app }) => app.name === usualTarget);
  const given = targets.filter(({ groups }) => groups.length > 0);
  const only = [usual, targets, given].find(({ length }) => length === 1);
  return only?.[0] ?? null;
}

function likelyGroup({ groups }: FoundTarget, usualName: string): FoundGroup | null {
  const own = groups.filter(({ type }) => type === 'OKTA_GROUP');
  return own.find(({ name }) => name === usualName) ?? (own.length === 1 ? (own[0] ?? null) : null);
}

/** It exists: it is taken as it is, and by its id where the label would not tell. */
function targetOf(
  usual: FederationSpec,
  { app }: FoundTarget,
  all: readonly FoundTarget[],
): FederationSpec['targetApp'] {
  const sameLabel = all.filter((other) => other.app.label === app.label);
  return { ...usual.targetApp, mode: 'adopt', ...(sameLabel.length > 1 ? { id: app.id } : {}) };
}

function notesOn(
  { provisioning, access, targetApp }: FederationSpec,
  pair: FoundPair,
  targets: readonly FoundTarget[],
) {
  const { target, group, app } = pair;
  const named = targets.slice(0, 10).map(({ app: { label, id } }) => `${label} (${id})`);
  return [
    ...(target !== null
      ? [`targetApp is ${target.label} (${target.id}): correct it if that is not the app that users shall reach.`]
      : [
          named.length === 0
            ? `The SP org has no app that could be the target app: ${targetApp.label} would be added.`
            : `Write which app is the target app under targetApp: ${named.join(', ')}.`,
        ]),
    ...(target !== null && group === null
      ? [`No single group gives access to it: ${access.group} would be made.`]
      : []),
    ...(targetApp.consoleWork
      ? [
          "Set targetApp.consoleWork to false if the work in the target's own console is done: else the setup asks for it.",
        ]
      : []),
    ...(provisioning.token === unknownToken
      ? [
          'Provisioning is connected by a token that Okta does not show: write under provisioning.token where the worker finds it.',
        ]
      : []),
    ...(app.connection?.status === 'ENABLED' ? [] : ['Provisioning is off: the setup connects it.']),
  ];
}

function checksOf({ provisioning }: FederationSpec, { app, provider, key }: FoundPair): Check[] {
  const { metadata, connection, features } = app;
  const kids = [provider.kid, ...(provider.additionalKids ?? [])];
  const idp = {
    appStatus: app.app.status,
    acsUrl: app.app.acsUrl,
    audRestriction: app.app.audRestriction,
    issuer: metadata?.issuer ?? 'nothing',
    ssoUrl: metadata?.ssoUrl ?? 'nothing',
    thumbprint: metadata?.thumbprint ?? 'nothing',
    connectionStatus: connection?.status ?? 'DISABLED',
    features,
    evidence: [],
  };
  const sp = {
    idpStatus: provider.status,
    acsUrl: provider.acsUrl,
    audience: provider.audience,
    issuer: provider.issuer,
    ssoUrl: provider.ssoUrl,
    thumbprints: key !== null && kids.includes(key.kid) ? [key.thumbprint] : [],
  };
  return crossCheckConfiguration(idp, sp, provisioning.features).map((check) => ({
    ...check,
    fix: check.fix === null ? null : 'PUT the specification: the setup mends it.',
    evidence: [],
  }));
}
