import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { federateByHand, HandMadeFederation } from '../../../sandbox/control/hand-made-federation.js';
import { bearer, startApi } from '../../api/api.js';
import { documentOf } from '../../world/adoptions.js';
import { startWorld } from '../../world/start-world.js';
import { federationId, type World, withoutPeople } from '../../world/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.stop());

/** Asks the API, again where it says that this may help. */
async function ask(method: 'GET' | 'POST', url: string, body?: unknown, headers: Record<string, string> = {}) {
  const api = await startApi(world.client, { orgs: Object.fromEntries(world.orgs), ledger: world.ledger });
  const payload = body === undefined ? {} : { payload: documentOf(body) };
  for (;;) {
    const answer = await api.inject({ method, url, headers: { ...bearer('operator'), ...headers }, ...payload });
    const problem = String(answer.headers['content-type']).includes('problem+json') ? answer.json() : null;
    if (problem?.retryable !== true) return answer;
  }
}

const spec = `/v1/federations/${federationId}/spec`;

describe('over HTTP', () => {
  it('a federation made by hand is checked, found, taken over by its specification, and exported as it', async () => {
    await federateByHand(world.sandbox, HandMadeFederation.parse({}));
    const preflight = await ask('POST', '/v1/preflight', withoutPeople());
    expect([preflight.statusCode, preflight.json().verdict.result]).toEqual([200, 'unknown']);

    const found = await ask('POST', '/v1/adoptions', { idp: 'acme', sp: 'partner' });
    expect([found.statusCode, found.json().pairs?.length]).toEqual([200, 1]);
    const specification = { ...found.json().pairs[0].specification, targetApp: { consoleWork: false } };
    expect((await world.setUp(specification)).state).toBe('ready');

    const json = await ask('GET', spec);
    expect([json.statusCode, json.headers['x-org2org-differs']]).toEqual([200, undefined]);
    const yaml = await ask('GET', spec, undefined, { accept: 'application/yaml' });
    expect(yaml.headers['content-type']).toContain('application/yaml');
    expect(parse(yaml.body)).toEqual(json.json());

    const { known } = await world.federations.get(federationId);
    await world.spAdmin.post(`/api/v1/idps/${known.identityProviderId}/lifecycle/deactivate`);
    expect((await ask('GET', spec)).headers['x-org2org-differs']).toBe('identityProvider');
  });

  it.each([
    ['an org that is not registered', { idp: 'acme', sp: 'nobody' }, 'O2O_ORG_UNKNOWN'],
    ['one org twice', { idp: 'acme', sp: 'acme' }, 'O2O_REQUEST_INVALID'],
    ['more than the names', { idp: 'acme', sp: 'partner', apps: [] }, 'O2O_REQUEST_INVALID'],
  ])('an adoption of %s is refused', async (_, body, code) => {
    const answer = await ask('POST', '/v1/adoptions', body);
    expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
  });

  it('a preflight of a wrong specification names the field', async () => {
    const answer = await ask('POST', '/v1/preflight', { idp: 'acme', sp: 'partner', nonsense: 1 });
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([400, '/nonsense']);
  });

  it('a federation that does not exist has no specification', async () => {
    const answer = await ask('GET', '/v1/federations/nobody/spec');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'O2O_FEDERATION_NOT_FOUND']);
  });

  it('an org that cannot be read is told with its problem', async () => {
    world.secrets.set('env:PARTNER_TOKEN', '00wrong');
    await world.stopWorkers();
    await world.startWorkers();
    const answer = await ask('GET', spec);
    expect([answer.statusCode, answer.json().code, answer.json().org]).toEqual([
      502,
      'O2O_OKTA_CREDENTIALS_INVALID',
      'partner',
    ]);
  });
});
