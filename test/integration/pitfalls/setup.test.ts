import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { asObject } from '../../../sandbox/core/routing.js';
import type { FederationAnswer } from '../../../src/api/schemas/federation.js';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { specification, type World, withoutPeople } from '../../world/world.js';

let world: World;

const stepOf = ({ steps }: FederationAnswer, name: string) => steps.find((step) => step.name === name);

describe('a setup avoids the pitfall:', () => {
  let answer: FederationAnswer;

  beforeAll(async () => {
    world = await startWorld();
    answer = await world.setUp(withoutPeople());
    expect(problems(answer)).toEqual([]);
  });
  afterAll(() => world.stop());

  it('each half needs values of the other: the app is written in two steps, around the identity provider', async () => {
    const halves = ['idp createApplication', 'sp createIdentityProvider', 'idp replaceApplication'];
    const written = world.writes().map(({ org, operation }) => `${org} ${operation}`);
    expect(written.filter((each) => halves.includes(each))).toEqual(halves);
    expect(stepOf(answer, 'samlTrust')?.applied).toEqual([
      'Enter ACS URL and audience of the identity provider into the Org2Org app',
    ]);
  });

  it('the ACS URL is not to be had: it stands in the links of the identity provider', async () => {
    const Provider = z.object({ _links: z.object({ acs: z.object({ href: z.string() }) }) });
    const App = z.object({ settings: z.object({ app: z.object({ acsUrl: z.string() }) }) });
    const provider = await world.spAdmin.get(`/api/v1/idps/${answer.known.identityProviderId}`);
    const app = await world.idpAdmin.get(`/api/v1/apps/${answer.known.org2orgAppId}`);
    expect(App.parse(app).settings.app.acsUrl).toBe(Provider.parse(provider)._links.acs.href);
  });

  it('the certificate format is refused: Okta takes no PEM, and is given the bare base64', async () => {
    const keys = '/api/v1/idps/credentials/keys';
    const [key] = z.array(z.object({ x5c: z.array(z.string()) })).parse(await world.spAdmin.get(keys));
    const pem = `-----BEGIN CERTIFICATE-----\n${key?.x5c[0]}\n-----END CERTIFICATE-----`;
    await expect(world.spAdmin.post(keys, { x5c: [pem] })).rejects.toThrow(/400.*x5c: The certificate is not valid/);
    expect(stepOf(answer, 'trustedCertificate')).toMatchObject({ state: 'done', problem: null });
  });

  it('the metadata are refused for the Accept header: the setup asks for XML', async () => {
    const asked = world.sandbox
      .requestsTo('idp')
      .filter(({ operation }) => operation === 'previewSAMLmetadataForApplication');
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([200]));
    const metadata = `/api/v1/apps/${answer.known.org2orgAppId}/sso/saml/metadata`;
    await expect(world.idpAdmin.get(metadata)).rejects.toThrow(/400.*E0000019/);
  });
});

describe('a setup names, with its fix, the pitfall:', () => {
  afterEach(() => world.stop());

  it('settings of the app are lost on the way: another client writes it without them', async () => {
    world = await startWorld();
    const { org } = world.sandbox.idp;
    const end = org.log.onEvent(({ eventType }) => {
      const app = org.apps.find(({ name }) => name === 'okta_org2org');
      if (app === undefined || eventType !== 'application.lifecycle.update') return;
      app.settings.app = { ...asObject(app.settings.app), acsUrl: null, audRestriction: null };
    });
    await world.send('setup', withoutPeople());
    const waiting = await world.settled(({ steps }) => steps.some(({ state }) => state === 'waiting'));
    expect(stepOf(waiting, 'samlTrust')).toMatchObject({
      state: 'waiting',
      problem: {
        code: 'O2O_READ_BACK_DIFFERS',
        message: expect.stringMatching(/settings\.app\.acsUrl, settings\.app\.audRestriction/),
        fix: expect.stringMatching(/something else changes the object in acme: see its System Log/),
      },
    });
    end();
    await world.send('setup', withoutPeople());
    expect(problems(await world.settled())).toEqual([]);
  });

  it('provisioning of the target app is in no API: a person switches it on, and what was forgotten is read back', async () => {
    world = await startWorld();
    await world.send('setup', specification());
    const atGate = await world.settled(({ gates }) => gates.length > 0);
    expect(atGate.gates).toEqual([
      expect.objectContaining({
        name: 'targetAppConsole',
        instructions: expect.arrayContaining([expect.stringContaining('under To App switch on Create Users')]),
      }),
    ]);
    await world.answer('targetAppConsole', 'done');
    expect(stepOf(await world.settled(), 'targetAppConsole')?.problem).toMatchObject({
      code: 'O2O_TARGET_APP_NOT_PROVISIONING',
      fix: expect.stringMatching(/Provisioning > To App of the target app.*same PUT/),
    });
  });
});
