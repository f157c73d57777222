import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inConsole } from '../../../sandbox/control/console.js';
import { setPath } from '../../../src/domain/identity-provider.js';
import { AgreedOperations } from '../../world/agreed-operations.js';
import { edit, secondAdmin } from '../../world/by-hand.js';
import { id } from '../../world/okta-admin.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { checkDrift, verify } from '../../world/verification-and-drift.js';
import { type World, withoutPeople } from '../../world/world.js';

let world: World;
let provider: string;
/** Who changes something by hand in the IdP org. */
let hand: Awaited<ReturnType<typeof secondAdmin>>;

beforeAll(async () => {
  world = await startWorld();
  const answer = await world.setUp(withoutPeople());
  expect(problems(answer)).toEqual([]);
  provider = `/api/v1/idps/${answer.known.identityProviderId}`;
  hand = await secondAdmin(world, 'idp');
  const appId = answer.known.targetAppId ?? '';
  await inConsole(world.sandbox, { action: 'completeTargetAppConsole', org: 'sp', appId });
});

afterAll(() => world.stop());

/** Changes what security rests on and what it does not. */
async function changeByHand(): Promise<void> {
  const whole = structuredClone((await world.spAdmin.get(provider)) as Record<string, unknown>);
  setPath(whole, 'policy.subject.matchType', 'EMAIL');
  setPath(whole, 'policy.maxClockSkew', 1_000);
  await world.spAdmin.put(provider, whole);
  world.sandbox.requests.clear();
}

const Key = z.looseObject({ kid: z.string(), x5c: z.array(z.string()), 'x5t#S256': z.string() });

/** Has the Org2Org app sign with a new key; returns it. */
async function swapCertificate(): Promise<z.output<typeof Key>> {
  const { known } = await world.federations.get('acme-to-partner');
  const path = `/api/v1/apps/${known.org2orgAppId}`;
  const key = Key.parse(await hand.admin.post(`${path}/credentials/keys/generate?validityYears=2`));
  await edit(hand.admin, path, { 'credentials.signing.kid': key.kid });
  world.sandbox.requests.clear();
  return key;
}

/** Thumbprint of the certificate with which the Org2Org app signs, and of the one that the SP org trusts. */
async function signedAndTrusted(): Promise<readonly [string | undefined, string | undefined]> {
  const { known } = await world.federations.get('acme-to-partner');
  const app = `/api/v1/apps/${known.org2orgAppId}`;
  const { signing } = Signing.parse(await world.idpAdmin.get(app)).credentials;
  const { trust } = Trust.parse(await world.spAdmin.get(provider)).protocol.credentials;
  const thumbprint = (keys: unknown, kid: string) =>
    z
      .array(Key)
      .parse(keys)
      .find((key) => key.kid === kid)?.['x5t#S256'];
  return [
    thumbprint(await world.idpAdmin.get(`${app}/credentials/keys`), signing.kid),
    thumbprint(await world.spAdmin.get('/api/v1/idps/credentials/keys'), trust.kid),
  ];
}

const kid = z.looseObject({ kid: z.string() });
const Signing = z.looseObject({ credentials: z.looseObject({ signing: kid }) });
const Trust = z.looseObject({ protocol: z.looseObject({ credentials: z.looseObject({ trust: kid }) }) });

const written = () => world.writes().map(({ org, operation }) => `${org} ${operation}`);

describe('drift of what security rests on', () => {
  it('is only reported where nobody asked for more, in the words of the specification', async () => {
    await changeByHand();
    const { drift, outcome } = await checkDrift(world);
    expect(outcome).toBe('done');
    expect(drift?.differences).toEqual([
      expect.objectContaining({
        org: 'partner',
        resource: 'identityProvider',
        field: 'policy.subject.matchType',
        specification: 'identityProvider.subjectMatch',
        agreed: 'USERNAME',
        found: 'EMAIL',
        security: true,
        mended: false,
        changed: expect.objectContaining({ eventType: 'system.idp.lifecycle.update', actorType: 'User' }),
      }),
      expect.objectContaining({ specification: 'identityProvider.maxClockSkew', security: false }),
    ]);
    expect(written()).toEqual([]);
  });

  it('is left alone where a rule says that it is wanted', async () => {
    const ignore = [{ resource: 'identityProvider', field: 'identityProvider.subjectMatch' }];
    const { drift, steps } = await checkDrift(world, { policy: 'mend', ignore });
    expect(drift?.differences).toMatchObject([{ ignored: true }, { ignored: false }]);
    const changes = steps.find(({ name }) => name === 'identityProvider')?.assessment?.changes;
    expect(changes?.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual(['policy.maxClockSkew']);
    expect(written()).toEqual([]);
  });

  it('waits for a person, and stays where that person says so', async () => {
    const asked = await checkDrift(world, { policy: 'gate' });
    const gate = asked.steps.find((step) => step.gate?.state === 'open')?.gate;
    expect(gate).toMatchObject({ name: 'securityDrift', role: 'operator' });
    await expect(world.send('setup', withoutPeople())).rejects.toMatchObject({ code: 'O2O_OPERATION_RUNNING' });
    await world.answer('securityDrift', 'leave');
    expect(await new AgreedOperations(world).settled('drift')).toMatchObject({ outcome: 'stopped' });
    expect(written()).toEqual([]);
  });

  it('is brought back once a person has agreed', async () => {
    await checkDrift(world, { policy: 'gate' });
    await world.answer('securityDrift', 'mend');
    const { drift, outcome } = await new AgreedOperations(world).settled('drift');
    expect(outcome).toBe('done');
    expect(drift?.differences).toMatchObject([{ mended: true }, { mended: true }]);
    expect(written()).toEqual(['sp replaceIdentityProvider']);
    expect((await checkDrift(world)).drift).toEqual({ differences: [], problems: [] });
  });

  it('is brought back at once where the policy says so', async () => {
    await changeByHand();
    const { drift } = await checkDrift(world, { policy: 'mend' });
    expect(drift?.differences).toMatchObject([{ mended: true }, { mended: true }]);
    expect(written()).toEqual(['sp replaceIdentityProvider']);
  });

  it('trusts a new certificate only when a person says so', async () => {
    await swapCertificate();
    const asked = await checkDrift(world, { policy: 'mend' });
    expect(asked.steps.find((step) => step.gate?.state === 'open')?.gate?.name).toBe('securityDrift');
    expect(written()).toEqual([]);
    await world.answer('securityDrift', 'leave');
    expect(await new AgreedOperations(world).settled('drift')).toMatchObject({ outcome: 'stopped' });
    expect(written()).toEqual([]);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    const [signed, trusted] = await signedAndTrusted();
    expect(signed).toBe(trusted);
  });
});

describe('a key that somebody has made for the Org2Org app', () => {
  let key: z.output<typeof Key>;
  let agreed: string | undefined;
  let began: string;

  beforeEach(async () => {
    agreed = (await world.federations.get('acme-to-partner')).known.certificateThumbprint;
    began = world.sandbox.idp.org.clock.iso();
    key = await swapCertificate();
  });

  const difference = () => ({
    org: 'acme',
    resource: 'samlMetadata',
    field: 'x5t#S256',
    specification: 'certificate.kid',
    agreed,
    found: key['x5t#S256'],
    security: true,
    changed: expect.objectContaining({ actorId: hand.id, eventType: 'application.lifecycle.update' }),
  });

  /** Both orgs hold the agreed certificate, a canary signs on, and drift finds nothing more. */
  async function expectAgreed(): Promise<void> {
    expect(await signedAndTrusted()).toEqual([agreed, agreed]);
    expect((await checkDrift(world)).drift).toEqual({ differences: [], problems: [] });
    expect((await verify(world)).result).toBe('passed');
  }

  it('is seen in the IdP org, with who did it', async () => {
    const { drift } = await checkDrift(world);
    expect(drift?.differences).toEqual([expect.objectContaining(difference())]);
    expect(String(drift?.differences[0]?.changed?.at) >= began).toBe(true);
    await checkDrift(world, { policy: 'gate' });
    await world.answer('securityDrift', 'mend');
    await new AgreedOperations(world).settled('drift');
  });

  it('signs no more once a person has answered mend', async () => {
    const asked = await checkDrift(world, { policy: 'gate' });
    const gate = asked.steps.find((step) => step.gate?.state === 'open')?.gate;
    expect(gate?.instructions.at(-1)).toContain('sign with the agreed key again');
    await world.answer('securityDrift', 'mend');
    const { drift, outcome } = await new AgreedOperations(world).settled('drift');
    expect(outcome).toBe('done');
    expect(drift).toEqual({ differences: [expect.objectContaining({ ...difference(), mended: true })], problems: [] });
    expect(written()).toEqual(['idp replaceApplication']);
    await expectAgreed();
  });

  it('signs no more either where its certificate lies in the key store of the SP org already', async () => {
    await world.spAdmin.post('/api/v1/idps/credentials/keys', { x5c: key.x5c });
    world.sandbox.requests.clear();
    await checkDrift(world, { policy: 'mend' });
    expect(written()).toEqual([]);
    await world.answer('securityDrift', 'mend');
    const { drift } = await new AgreedOperations(world).settled('drift');
    expect(drift).toEqual({ differences: [expect.objectContaining({ ...difference(), mended: true })], problems: [] });
    await expectAgreed();
  });
});

describe('an identity provider that somebody has put in the place of another one', () => {
  it('is seen in the SP org; what no write brings back is not called mended', async () => {
    const by = await secondAdmin(world, 'sp');
    const { id: _, ...body } = z.record(z.string(), z.unknown()).parse(await world.spAdmin.get(provider));
    await by.admin.delete(provider);
    const made = id(await by.admin.post('/api/v1/idps', body));
    const { drift, outcome } = await checkDrift(world, { policy: 'mend' });
    expect(outcome).toBe('stopped');
    const seen = drift?.differences.map((each) => [each.org, each.resource, each.field, each.mended]);
    expect(seen).toEqual([
      ['partner', 'identityProvider', '_links.acs.href', false],
      ['partner', 'identityProvider', 'protocol.credentials.trust.audience', false],
    ]);
    expect(drift?.differences[0]?.found).toContain(made);
    expect(drift?.differences[0]?.changed).toMatchObject({ actorId: by.id });
    expect(drift?.problems.map(({ code }) => code)).toEqual(['O2O_DRIFT_NOT_MENDED', 'O2O_DRIFT_NOT_MENDED']);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    expect((await checkDrift(world)).drift).toEqual({ differences: [], problems: [] });
  });
});

describe('a group that has an app beyond the agreement', () => {
  let field: string;
  let path: string;
  let name: string;

  beforeEach(async () => {
    name = `Contractors ${randomUUID()}`;
    const group = id(await hand.admin.post('/api/v1/groups', { profile: { name } }));
    const { known } = await world.federations.get('acme-to-partner');
    field = `groups.${group}`;
    path = `/api/v1/apps/${known.org2orgAppId}/groups/${group}`;
    await hand.admin.put(path, {});
    await world.sandbox.idle();
    world.sandbox.requests.clear();
  });

  afterEach(() => hand.admin.delete(path).catch(() => undefined));

  const difference = () => ({
    org: 'acme',
    resource: 'assignments',
    field,
    specification: 'assignments.groups',
    agreed: null,
    found: name,
    security: true,
    fix: expect.stringContaining('acme'),
    changed: expect.objectContaining({ actorId: hand.id, eventType: 'group.application_assignment.add' }),
  });

  it('is never taken away by a mend: a person is asked, and told once more while it is there', async () => {
    const asked = await checkDrift(world, { policy: 'mend' });
    const gate = asked.steps.find((step) => step.gate?.state === 'open')?.gate;
    expect(gate?.instructions.at(-1)).toContain('offboard those who should not be in the SP org');
    await world.answer('securityDrift', 'mend');
    const { drift, outcome } = await new AgreedOperations(world).settled('drift');
    expect(outcome).toBe('stopped');
    expect(drift?.differences).toEqual([expect.objectContaining({ ...difference(), mended: false })]);
    expect(drift?.problems.map(({ code }) => code)).toEqual(['O2O_DRIFT_NEEDS_A_PERSON']);
    expect(written()).toEqual([]);
  });

  it('is settled once a person has taken it away and answers', async () => {
    await checkDrift(world, { policy: 'gate' });
    await hand.admin.delete(path);
    await world.answer('securityDrift', 'mend');
    const { drift, outcome } = await new AgreedOperations(world).settled('drift');
    expect(outcome).toBe('done');
    expect(drift).toEqual({ differences: [expect.objectContaining({ ...difference(), mended: true })], problems: [] });
  });

  it('is left alone where a rule names it, and only it', async () => {
    const ignore = [{ resource: 'assignments', field }];
    const { drift, outcome } = await checkDrift(world, { policy: 'mend', ignore });
    expect(outcome).toBe('done');
    expect(drift?.differences).toEqual([expect.objectContaining({ ...difference(), ignored: true })]);
    const other = [{ resource: 'assignments', field: 'groups.00gAnother' }];
    const { drift: seen } = await checkDrift(world, { ignore: other });
    expect(seen?.differences).toMatchObject([{ field, ignored: false }]);
  });

  it('is agreed once the specification names it', async () => {
    const groups = ['Partner users', name];
    const settled = await world.setUp(withoutPeople({ assignments: { groups } }));
    const { drift } = await checkDrift(world);
    expect(problems(await world.setUp(withoutPeople()))).toEqual([]);
    expect(problems(settled)).toEqual([]);
    expect(drift).toEqual({ differences: [], problems: [] });
  });
});

it('a group that gets the target app after the setup is told in the SP org', async () => {
  const { known } = await world.federations.get('acme-to-partner');
  const group = id(await world.spAdmin.post('/api/v1/groups', { profile: { name: `Staff ${randomUUID()}` } }));
  const path = `/api/v1/apps/${known.targetAppId}/groups/${group}`;
  await world.spAdmin.put(path, {});
  const { drift } = await checkDrift(world);
  await world.spAdmin.delete(path);
  expect(drift?.differences).toMatchObject([
    { org: 'partner', resource: 'targetApp', field: `groups.${group}`, specification: 'access.group', security: true },
  ]);
});

describe('a key that the specification names', () => {
  const named = (name: string) => withoutPeople({ certificate: { kid: name } });
  let kidNamed: string;

  beforeAll(async () => {
    const { known } = await world.federations.get('acme-to-partner');
    const app = Signing.parse(await world.idpAdmin.get(`/api/v1/apps/${known.org2orgAppId}`));
    kidNamed = app.credentials.signing.kid;
    expect(problems(await world.setUp(named(kidNamed)))).toEqual([]);
  });

  afterAll(async () => expect(problems(await world.setUp(withoutPeople()))).toEqual([]));

  it('is watched: drift and a verification tell of another one, and a PUT has the app sign with it again', async () => {
    const other = await swapCertificate();
    const { drift } = await checkDrift(world);
    expect(drift?.differences).toEqual([
      expect.objectContaining({
        org: 'acme',
        resource: 'samlMetadata',
        field: 'credentials.signing.kid',
        specification: 'certificate.kid',
        agreed: kidNamed,
        found: other.kid,
        security: true,
      }),
    ]);
    const { configuration, result } = await verify(world);
    expect(result).toBe('failed');
    expect(configuration.find(({ name }) => name === 'signingKey')).toMatchObject({
      result: 'failed',
      detail: `${other.kid} is not ${kidNamed}`,
      fix: expect.stringContaining('PUT'),
    });
    world.sandbox.requests.clear();
    expect(problems(await world.setUp(named(kidNamed)))).toEqual([]);
    expect(written()).toEqual(['idp replaceApplication']);
    expect((await checkDrift(world)).drift).toEqual({ differences: [], problems: [] });
  });

  it('signs again by a mend only where a person says so', async () => {
    await swapCertificate();
    await checkDrift(world, { policy: 'mend' });
    expect(written()).toEqual([]);
    await world.answer('securityDrift', 'mend');
    const { drift, outcome } = await new AgreedOperations(world).settled('drift');
    expect(outcome).toBe('done');
    expect(drift?.differences).toMatchObject([{ field: 'credentials.signing.kid', mended: true }]);
    expect(written()).toEqual(['idp replaceApplication']);
  });
});

it('a drift check makes the same calls however many users there are', async () => {
  const calls = async () => {
    world.sandbox.requests.clear();
    await checkDrift(world);
    return world.sandbox.requestsTo(undefined, {}).map(({ org, operation }) => `${org} ${operation}`);
  };
  const few = await calls();
  const ids: string[] = [];
  for (let user = 0; user < 60; user += 1)
    ids.push(await world.idpAdmin.addUser(`many-${user}@acme.example`, 'P4711-abcdef'));
  const group = world.sandbox.idp.org.groups.find(({ profile }) => profile.name === 'Partner users')?.id;
  for (const user of ids) await world.idpAdmin.put(`/api/v1/groups/${group}/users/${user}`);
  await world.sandbox.idle();
  expect(await calls()).toEqual(few);
});
