import { afterAll, beforeAll, expect, it } from 'vitest';
import { addGroup } from '../../../sandbox/management/groups.js';
import { objectCounts } from '../../world/object-counts.js';
import { id, objects } from '../../world/okta-admin.js';
import { preflightOf, told } from '../../world/preflights.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { type World, withoutPeople } from '../../world/world.js';

const accessName = 'Federated from acme';
const clientName = 'Org2Org provisioning from acme';

let world: World;
/** Two groups of the SP org that have the name of the access group: its own, and one that a directory brought. */
let own: string;
let imported: string;
/** A client of the SP org that has the name of the service client, with keys of somebody else. */
let client: string;

beforeAll(async () => {
  world = await startWorld({ sp: { edition: 'v1' } });
  own = id(await world.spAdmin.post('/api/v1/groups', { profile: { name: accessName } }));
  const { org } = world.sandbox.sp;
  imported = addGroup(org, { name: accessName, description: null }, 'APP_GROUP', '0oaDirectory').id;
  client = id(
    await world.spAdmin.post('/api/v1/apps', {
      name: 'oidc_client',
      label: clientName,
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'private_key_jwt' } },
      settings: {
        oauthClient: {
          application_type: 'service',
          grant_types: ['client_credentials'],
          response_types: ['token'],
          jwks_uri: 'https://third.example.com/jwks',
        },
      },
    }),
  );
});

afterAll(() => world.stop());

const ofClient = () => world.spAdmin.get(`/api/v1/apps/${client}`);

it('a preflight says on which engine each org runs', async () => {
  const found = await preflightOf(world);
  expect(told(found, 'isOkta-acme')).toEqual(['passed', expect.stringContaining('Identity Engine')]);
  expect(told(found, 'isOkta-partner')).toEqual(['passed', expect.stringContaining('Classic Engine')]);
});

it('a preflight names the group and the client whose names are taken, each with its fix', async () => {
  const found = await preflightOf(world);
  expect(found.verdict).toMatchObject({ check: 'accessGroupName', result: 'failed' });
  expect(told(found, 'accessGroupName')[1]).toMatch(/2 groups in partner are called .* Set access\.group/);
  expect(told(found, 'serviceClientName')).toEqual([
    'failed',
    expect.stringMatching(/1 called Org2Org provisioning from acme, with keys of another connection .* delete it/),
  ]);
});

it('a setup asks which group is meant, takes that one, and makes a service client beside the other', async () => {
  const before = await ofClient();
  const asked = await world.setUp(withoutPeople());
  const gate = asked.gates.find(({ state }) => state === 'open');
  expect(gate?.name).toBe('chooseCandidate-accessGroup');
  expect(gate?.choices.map(({ value }) => value).sort()).toEqual([own, imported].sort());
  await world.answer('chooseCandidate-accessGroup', own);
  const { known, ...answer } = await world.settled();
  expect(problems({ known, ...answer })).toEqual([]);
  expect(known.accessGroupId).toBe(own);
  expect(objects(await world.spAdmin.get(`/api/v1/apps/${known.targetAppId}/groups`)).map(id)).toEqual([own]);
  expect(known.serviceClientId).not.toBe(client);
  expect(await ofClient()).toEqual(before);
  expect(await objectCounts(world)).toMatchObject({ accessGroups: 2, serviceClients: 2 });
});
