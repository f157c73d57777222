import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DriftDifference } from '../../../src/domain/drift.js';
import { FederationSpecDocument } from '../../../src/domain/federation-spec.js';
import type { serviceClientSignIn } from '../../../src/domain/service-client.js';
import { edit as editByHand, editFeature, secondAdmin } from '../../world/by-hand.js';
import { id, type OktaAdmin, objects } from '../../world/okta-admin.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { checkDrift } from '../../world/verification-and-drift.js';
import { type World, withoutPeople } from '../../world/world.js';

const login = 'named@acme.example';
const document = withoutPeople({
  targetApp: { consoleWork: false, settings: { teamName: 'acme' } },
  assignments: { groups: ['Partner users'], users: [login] },
});

/** The org in which something is changed. */
type Side = 'idp' | 'sp';

let world: World;
/** Those who change something by hand, one in each org: others than the one whose token the worker has. */
let hands: Readonly<Record<Side, { readonly id: string; readonly admin: OktaAdmin }>>;

beforeAll(async () => {
  world = await startWorld();
  await world.idpAdmin.addUser(login, 'Planted-Password-4711');
  expect(problems(await world.setUp(document))).toEqual([]);
  hands = { idp: await secondAdmin(world, 'idp'), sp: await secondAdmin(world, 'sp') };
});

afterAll(() => world.stop());

const JsonObject = z.record(z.string(), z.unknown());

async function known(
  name: 'targetAppId' | 'org2orgAppId' | 'identityProviderId' | 'serviceClientId' | 'accessGroupId',
) {
  return (await world.federations.get('acme-to-partner')).known[name] ?? '';
}

type Values = Readonly<Record<string, unknown>>;

async function edit(side: Side, path: string, values: Values): Promise<void> {
  await editByHand(hands[side].admin, path, values);
}

const org2orgApp = (values: Values) => async () => edit('idp', `/api/v1/apps/${await known('org2orgAppId')}`, values);
const targetApp = (values: Values) => async () => edit('sp', `/api/v1/apps/${await known('targetAppId')}`, values);
const provider = (values: Values) => async () =>
  edit('sp', `/api/v1/idps/${await known('identityProviderId')}`, values);
const feature = (values: Values) => async () => editFeature(hands.idp.admin, await known('org2orgAppId'), values);

/** What somebody does by hand, and the attribute of which drift must speak. */
interface ByHand {
  /** The org in which it is done. */
  readonly side: Side;
  readonly field: string;
  /** Whether security rests on it. */
  readonly security: boolean;
  readonly change: () => Promise<void>;
  readonly round: number;
  /** What a person does about it, where no PUT mends it. */
  readonly byPerson?: () => Promise<void>;
}

const row =
  (side: Side, security: boolean) =>
  (field: string, change: () => Promise<void>, round = 1): ByHand => ({ side, field, security, change, round });

/** What is changed, by the org and by whether security rests on it. */
const inIdp = row('idp', false);
const inSp = row('sp', false);
const secureInIdp = row('idp', true);
const secureInSp = row('sp', true);

/** A group that somebody gives an app beyond the agreement, and takes away again. */
function groupBeyond(side: Side, resource: 'assignments' | 'targetApp', app: 'org2orgAppId' | 'targetAppId'): ByHand {
  let path = '';
  const change = async () => {
    const { admin } = hands[side];
    const group = id(await admin.post('/api/v1/groups', { profile: { name: `Contractors of ${resource}` } }));
    path = `/api/v1/apps/${await known(app)}/groups/${group}`;
    await admin.put(path, {});
  };
  const byPerson = () => hands[side].admin.delete(path).then(() => undefined);
  return { ...row(side, true)(`${resource} groups.00g…`, change), byPerson };
}

/** How the service client is made to sign in otherwise, for each thing that a setup registers. */
const otherSignIn: Readonly<Record<keyof typeof serviceClientSignIn, unknown>> = {
  application_type: 'browser',
  grant_types: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
  response_types: ['token', 'code'],
  token_endpoint_auth_method: 'client_secret_basic',
};

const signsInOtherwise = Object.entries(otherSignIn).map(([field, value]) => {
  const change = async () => edit('sp', `/oauth2/v1/clients/${await known('serviceClientId')}`, { [field]: value });
  return [`${field} of the service client`, secureInSp(`serviceClient ${field}`, change, 3)] as const;
});

/** Changes the direct assignment of the user whom the specification names. */
const userAssignment = (values: Values) => async () => {
  const { admin } = hands.idp;
  const user = id(await admin.get(`/api/v1/users/${login}`));
  await admin.post(`/api/v1/apps/${await known('org2orgAppId')}/users/${user}`, values);
};

/** Every field of the specification: how it is changed by hand, or why a setup writes nothing for it. */
const fields: Readonly<Record<string, ByHand | string>> = {
  idp: 'says which org',
  sp: 'says which org',
  'targetApp.mode': 'says how the app is found',
  'targetApp.name': 'says how the app is found; Okta never changes it',
  'targetApp.label': inSp('targetApp label', targetApp({ label: 'Renamed' })),
  'targetApp.id': 'says how the app is found',
  'targetApp.settings': inSp('targetApp settings.app.teamName', targetApp({ 'settings.app.teamName': 'other' })),
  'targetApp.consoleWork': 'says what people do',
  'org2orgApp.label': inIdp('org2orgApp label', org2orgApp({ label: 'Renamed' })),
  'org2orgApp.baseUrl': secureInIdp(
    'org2orgApp settings.app.baseUrl',
    org2orgApp({ 'settings.app.baseUrl': 'https://elsewhere.example.com' }),
  ),
  'certificate.kid': secureInIdp('samlMetadata x5t#S256', async () => {
    const path = `/api/v1/apps/${await known('org2orgAppId')}`;
    const key = JsonObject.parse(await hands.idp.admin.post(`${path}/credentials/keys/generate?validityYears=2`));
    await edit('idp', path, { 'credentials.signing.kid': key.kid });
  }),
  'certificate.minimumDaysLeft': 'a rule about the certificate',
  'identityProvider.name': inSp('identityProvider name', provider({ name: 'Renamed' })),
  'identityProvider.subjectMatch': secureInSp(
    'identityProvider policy.subject.matchType',
    provider({ 'policy.subject.matchType': 'EMAIL' }),
  ),
  'identityProvider.subjectFilter': secureInSp(
    'identityProvider policy.subject.filter',
    provider({ 'policy.subject.filter': '(\\S+@acme\\.example)' }),
  ),
  'identityProvider.accountLink': secureInSp(
    'identityProvider policy.accountLink.action',
    provider({ 'policy.accountLink.action': 'DISABLED' }),
  ),
  'identityProvider.jit': secureInSp(
    'identityProvider policy.provisioning.action',
    provider({ 'policy.provisioning.action': 'DISABLED' }),
  ),
  'identityProvider.maxClockSkew': inSp(
    'identityProvider policy.maxClockSkew',
    provider({ 'policy.maxClockSkew': 1_000 }),
  ),
  'provisioning.auth': secureInIdp(
    'provisioningConnection authScheme',
    async () => {
      const profile = { authScheme: 'TOKEN', token: world.sandbox.sp.token };
      const path = `/api/v1/apps/${await known('org2orgAppId')}/connections/default?activate=true`;
      await hands.idp.admin.post(path, { profile });
    },
    2,
  ),
  'provisioning.token': 'a reference; Okta never shows the token',
  'provisioning.features.create': inIdp(
    'provisioningFeatures create.lifecycleCreate.status',
    feature({ 'create.lifecycleCreate.status': 'DISABLED' }),
  ),
  'provisioning.features.update': inIdp(
    'provisioningFeatures update.profile.status',
    feature({ 'update.profile.status': 'DISABLED' }),
  ),
  'provisioning.features.deactivate': secureInIdp(
    'provisioningFeatures update.lifecycleDeactivate.status',
    feature({ 'update.lifecycleDeactivate.status': 'DISABLED' }),
  ),
  'assignments.groups': inIdp('assignments assigned', async () => {
    const app = `/api/v1/apps/${await known('org2orgAppId')}`;
    for (const group of objects(await hands.idp.admin.get(`${app}/groups`)))
      await hands.idp.admin.delete(`${app}/groups/${id(group)}`);
  }),
  'assignments.users': inIdp('assignments assigned', async () => {
    const user = id(await hands.idp.admin.get(`/api/v1/users/${login}`));
    await hands.idp.admin.delete(`/api/v1/apps/${await known('org2orgAppId')}/users/${user}`);
  }),
  'access.group': inSp('accessGroup apps', async () => {
    await hands.sp.admin.delete(`/api/v1/apps/${await known('targetAppId')}/groups/${await known('accessGroupId')}`);
  }),
  'users.assignBy': 'a rule for transitions',
  'users.exempt': 'a rule for transitions',
  'users.whenPushFails': 'a rule for transitions',
  'users.pushWithinMinutes': 'a rule for transitions',
  'signOn.testUser.login': 'says who tries',
  'signOn.testUser.password': 'a reference',
};

/** What a setup writes without a field of the specification, and what weakens a federation though nothing writes it. */
const besides: Readonly<Record<string, ByHand>> = {
  'the name sent to the target app': secureInSp(
    'targetApp credentials.userNameTemplate.template',
    targetApp({ 'credentials.userNameTemplate.template': '${source.email}' }),
  ),
  'the name sent to the SP org': secureInIdp(
    'org2orgApp credentials.userNameTemplate.template',
    org2orgApp({ 'credentials.userNameTemplate.template': '${source.email}' }),
  ),
  'an override of the ACS URL': secureInIdp(
    'org2orgApp settings.signOn.ssoAcsUrlOverride',
    org2orgApp({ 'settings.signOn.ssoAcsUrlOverride': 'https://elsewhere.example.com/acs' }),
  ),
  'an override of the audience': secureInIdp(
    'org2orgApp settings.signOn.audienceOverride',
    org2orgApp({ 'settings.signOn.audienceOverride': 'https://elsewhere.example.com' }),
  ),
  'an override of the recipient': secureInIdp(
    'org2orgApp settings.signOn.recipientOverride',
    org2orgApp({ 'settings.signOn.recipientOverride': 'https://elsewhere.example.com/acs' }),
  ),
  'an override of the destination': secureInIdp(
    'org2orgApp settings.signOn.destinationOverride',
    org2orgApp({ 'settings.signOn.destinationOverride': 'https://elsewhere.example.com/acs' }),
  ),
  'the ACS URL': secureInIdp(
    'samlTrust settings.app.acsUrl',
    org2orgApp({ 'settings.app.acsUrl': 'https://e.example.com' }),
  ),
  'the audience': secureInIdp(
    'samlTrust settings.app.audRestriction',
    org2orgApp({ 'settings.app.audRestriction': 'https://e.example.com' }),
  ),
  'a second certificate': secureInSp('identityProvider protocol.credentials.trust.additionalKids', async () => {
    const other = id(await hands.sp.admin.get(`/api/v1/idps/${await known('identityProviderId')}`));
    const [key] = z
      .array(z.looseObject({ x5c: z.array(z.string()) }))
      .parse(await hands.idp.admin.get(`/api/v1/apps/${await otherApp()}/credentials/keys`));
    const kid = await trusted(key?.x5c ?? []);
    await edit('sp', `/api/v1/idps/${other}`, { 'protocol.credentials.trust.additionalKids': [kid] });
  }),
  'the type of the ACS URL': secureInSp(
    'identityProvider protocol.endpoints.acs.type',
    provider({ 'protocol.endpoints.acs.type': 'ORG' }),
    3,
  ),
  'profiles mastered by sign-on': secureInSp(
    'identityProvider policy.provisioning.profileMaster',
    provider({ 'policy.provisioning.profileMaster': true }),
  ),
  'leavers reactivated by sign-on': secureInSp(
    'identityProvider policy.provisioning.conditions.deprovisioned.action',
    provider({ 'policy.provisioning.conditions.deprovisioned.action': 'REACTIVATE' }),
  ),
  'another role of the service client': secureInSp('serviceClient roles', async () => {
    await hands.sp.admin.post(`/oauth2/v1/clients/${await known('serviceClientId')}/roles`, { type: 'SUPER_ADMIN' });
  }),
  'another scope of the service client': secureInSp('serviceClient grants', async () => {
    const grant = { scopeId: 'okta.apps.manage', issuer: world.sandbox.sp.url };
    await hands.sp.admin.post(`/api/v1/apps/${await known('serviceClientId')}/grants`, grant);
  }),
  'a role less of the service client': secureInSp(
    'serviceClient roles',
    async () => {
      const path = `/oauth2/v1/clients/${await known('serviceClientId')}/roles`;
      await hands.sp.admin.delete(`${path}/${id(objects(await hands.sp.admin.get(path))[0])}`);
    },
    2,
  ),
  'keys of the service client from elsewhere': secureInSp('serviceClient jwks_uri', async () => {
    const path = `/oauth2/v1/clients/${await known('serviceClientId')}`;
    await edit('sp', path, { jwks_uri: 'https://elsewhere.example.com/jwks' });
  }),
  'a second key of the service client': secureInSp(
    'serviceClient jwks',
    async () => {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const key = {
        ...publicKey.export({ format: 'jwk' }),
        kid: 'by-hand',
        use: 'sig',
        alg: 'RS256',
        status: 'ACTIVE',
      };
      await hands.sp.admin.post(`/api/v1/apps/${await known('serviceClientId')}/credentials/jwks`, key);
    },
    2,
  ),
  'the status in which users arrive': inIdp(
    'assignments profile.initialStatus',
    async () => {
      const groups = `/api/v1/apps/${await known('org2orgAppId')}/groups`;
      const group = id(objects(await hands.idp.admin.get(groups))[0]);
      await hands.idp.admin.put(`${groups}/${group}`, { profile: { initialStatus: 'pending_without_pass' } });
    },
    2,
  ),
  'the name under which a user arrives': secureInIdp(
    'assignments credentials.userName',
    userAssignment({ credentials: { userName: 'somebody.else@acme.example' } }),
    3,
  ),
  'the status in which a user arrives': inIdp(
    'assignments profile.initialStatus',
    userAssignment({ profile: { initialStatus: 'pending_without_pass' } }),
    3,
  ),
  'another group with the Org2Org app': groupBeyond('idp', 'assignments', 'org2orgAppId'),
  'another group with the target app': groupBeyond('sp', 'targetApp', 'targetAppId'),
  ...Object.fromEntries(signsInOtherwise),
  'an app that is off': inSp(
    'targetApp status',
    async () => {
      await hands.sp.admin.post(`/api/v1/apps/${await known('targetAppId')}/lifecycle/deactivate`);
    },
    2,
  ),
  'a service client that is off': secureInSp(
    'serviceClient status',
    async () => {
      await hands.sp.admin.post(`/api/v1/apps/${await known('serviceClientId')}/lifecycle/deactivate`);
    },
    4,
  ),
  'an identity provider that is off': inSp(
    'identityProvider status',
    async () => {
      await hands.sp.admin.post(`/api/v1/idps/${await known('identityProviderId')}/lifecycle/deactivate`);
    },
    2,
  ),
  'a connection that is off': secureInIdp(
    'provisioningConnection status',
    async () => {
      await hands.idp.admin.post(
        `/api/v1/apps/${await known('org2orgAppId')}/connections/default/lifecycle/deactivate`,
      );
    },
    3,
  ),
};

/** An app of the IdP org that has nothing to do with the federation. */
async function otherApp(): Promise<string> {
  const settings = { app: { baseUrl: 'https://third.example.com' } };
  return id(
    await hands.idp.admin.post('/api/v1/apps', {
      name: 'okta_org2org',
      label: 'Third',
      signOnMode: 'SAML_2_0',
      settings,
    }),
  );
}

async function trusted(x5c: readonly string[]): Promise<unknown> {
  return JsonObject.parse(await hands.sp.admin.post('/api/v1/idps/credentials/keys', { x5c })).kid;
}

/** Dotted paths of everything that a specification may say. */
function leaves(schema: unknown, path: readonly string[] = []): string[] {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return leaves(schema.unwrap(), path);
  if (!(schema instanceof z.ZodObject)) return [path.join('.')];
  return Object.entries(schema.shape).flatMap(([name, field]) => leaves(field, [...path, name]));
}

describe('every field of the specification', () => {
  it('is changed by hand here, or says why nothing is written for it', () => {
    expect(Object.keys(fields).sort()).toEqual(leaves(FederationSpecDocument).sort());
  });
});

const changes = [...Object.entries(fields), ...Object.entries(besides)].flatMap(([name, change]) =>
  typeof change === 'string' ? [] : [{ name, ...change }],
);

/** What differs because something else was changed. */
const follows = [
  'provisioningConnection profile.clientId',
  'identityProvider _links.acs.href',
  'accessGroup apps',
  'provisioningFeatures create.lifecycleCreate.status',
  'provisioningFeatures update.profile.status',
  'provisioningFeatures update.lifecycleDeactivate.status',
];

/** Changes of which Okta's System Log does not tell. */
const untold = ['serviceClient grants'];

/** The attribute of a difference, without the id of a group. */
const attribute = ({ resource, field }: DriftDifference) => `${resource} ${field.replace(/00g\w+$/, '00g…')}`;

/** Rounds in which changes are made together: what would hinder another one comes in the next. */
const rounds = [1, 2, 3, 4].map((round) => ({ round, together: changes.filter((change) => change.round === round) }));

describe.each(rounds)('what somebody changes by hand, round $round', ({ together }) => {
  let seen: readonly DriftDifference[];
  /** When each change began, by the clock of its org. */
  const began = new Map<string, string>();

  beforeAll(async () => {
    for (const { name, side, change } of together) {
      began.set(name, world.sandbox[side].org.clock.iso());
      await change();
    }
    await world.sandbox.idle();
    seen = (await checkDrift(world)).drift?.differences ?? [];
  });

  it.each(together)(
    '$name: drift sees it and says in which org, who did it and when',
    ({ name, side, field, security }) => {
      const found = seen.filter((each) => attribute(each) === field);
      expect(found).not.toEqual([]);
      const org = { idp: 'acme', sp: 'partner' }[side];
      for (const each of found) expect(each).toMatchObject({ org, security, mended: false, ignored: false });
      if (untold.includes(field)) return;
      expect(found[0]?.changed?.actorId).toBe(hands[side].id);
      expect(String(found[0]?.changed?.at) >= String(began.get(name))).toBe(true);
    },
  );

  it('is nothing else', () => {
    const expected = new Set([...together.map(({ field }) => field), ...follows]);
    expect(seen.map(attribute).filter((field) => !expected.has(field))).toEqual([]);
  });

  it('says what a person must do where, and only where, no PUT mends it', () => {
    const persons = together.filter(({ byPerson }) => byPerson !== undefined).map(({ field }) => field);
    expect(
      seen
        .filter(({ fix }) => fix !== undefined)
        .map(attribute)
        .sort(),
    ).toEqual(persons.sort());
  });

  it('is mended by a PUT; after it drift sees nothing, and the second PUT writes nothing', async () => {
    for (const { byPerson } of together) await byPerson?.();
    expect(problems(await world.setUp(document))).toEqual([]);
    expect((await checkDrift(world)).drift).toEqual({ differences: [], problems: [] });
    world.sandbox.requests.clear();
    expect(problems(await world.setUp(document))).toEqual([]);
    expect(world.writes()).toEqual([]);
  });
});
