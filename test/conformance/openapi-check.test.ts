import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readOpenApi } from '../../sandbox/conformance/openapi.js';
import type { Exchange } from '../../sandbox/control/exchanges.js';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.js';
import { listApplications } from '../../src/okta/applications.js';
import { addGroup } from '../../src/okta/groups.js';
import { openOrg } from '../../src/okta/org.js';
import type { OktaSession } from '../../src/okta/session.js';
import { violationsOf } from '../world/openapi-check.js';

let sandbox: Sandbox;
const exchanges: Exchange[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ onExchange: (exchange) => exchanges.push(exchange) });
});
afterAll(() => sandbox.stop());

function product(): OktaSession {
  const config = { name: 'idp', url: sandbox.idp.url, auth: { apiToken: 'env:TOKEN' }, requestTimeoutMs: 5_000 };
  const org = openOrg(config, async () => sandbox.idp.token);
  onTestFinished(() => org.close());
  return org.session();
}

async function exchangeOf(work: (session: OktaSession) => Promise<unknown>): Promise<Exchange> {
  await work(product());
  const last = exchanges.at(-1);
  if (last === undefined) throw new Error('nothing was exchanged');
  return last;
}

describe.skipIf(readOpenApi() === undefined)('the check of every exchange in tests', () => {
  it('passes what product and sandbox say to each other', async () => {
    const exchange = await exchangeOf((session) => addGroup(session, { name: 'Sales', description: '' }));
    expect(exchange).toMatchObject({ method: 'POST', path: '/api/v1/groups', carriedOut: true, status: 200 });
    expect(violationsOf(exchange)).toEqual([]);
  });

  it('refuses a body of the product that Okta does not describe', async () => {
    const exchange = await exchangeOf((session) => addGroup(session, { name: 'Support', description: '' }));
    expect(violationsOf({ ...exchange, requestBody: { profile: { name: 7 } } })).not.toEqual([]);
    expect(violationsOf({ ...exchange, requestBody: { profile: { name: 7 } }, userAgent: 'a test' })).toEqual([]);
  });

  it('refuses a query of the product that Okta does not describe', async () => {
    const exchange = await exchangeOf((session) => listApplications(session));
    expect(violationsOf(exchange)).toEqual([]);
    expect(violationsOf({ ...exchange, path: '/api/v1/apps?limit=201' })).not.toEqual([]);
    expect(violationsOf({ ...exchange, path: '/api/v1/apps?label=Sales' })).not.toEqual([]);
    expect(violationsOf({ ...exchange, path: '/api/v1/applications' })).not.toEqual([]);
  });

  it('refuses an answer of the sandbox that Okta does not describe, or an error that Okta does not know', async () => {
    const exchange = await exchangeOf((session) => listApplications(session));
    expect(violationsOf({ ...exchange, answer: '[{"id":7,"signOnMode":"SAML_2_0"}]' })).not.toEqual([]);
    const answer = JSON.stringify({ errorCode: 'E9999999', errorSummary: 'No' });
    expect(violationsOf({ ...exchange, status: 400, answer })).not.toEqual([]);
  });
});
