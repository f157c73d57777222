import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildApi } from '../../../src/api/app.js';
import { apiTokens, bearer } from '../../api/api.js';
import { SweptFederation } from '../../world/swept-federation.js';
import { federationId } from '../../world/world.js';

let swept: SweptFederation;
let app: FastifyInstance;
let findings: string;

const Finding = z.looseObject({ login: z.string(), spUserId: z.string(), evidence: z.record(z.string(), z.unknown()) });
type Finding = z.output<typeof Finding>;

beforeAll(async () => {
  swept = await SweptFederation.of(10);
  const { client: temporal, ledger } = swept.at.world;
  app = await buildApi({ temporal, ledger, orgs: {}, apiTokens });
  await swept.people.someone('unassigned', 'unassigned');
  await swept.people.someone('suspended', 'idpUserSuspended');
  await swept.people.someone('admin', 'administrator');
  await swept.people.someone('missing', 'idpUserMissing');
  await swept.people.someone('=formula', 'unmanaged');
  const asking = { mode: 'enforce', limits: { fuse: { users: 1 } } };
  const { id, listDigest } = await swept.sweeps.carryOut(asking);
  swept.people.idpStatus('suspended@acme.example', 'ACTIVE');
  await swept.sweeps.decide(id, 'approve', listDigest);
  expect(await swept.sweeps.settled(id)).toMatchObject({ state: 'done', actions: { done: 1, withdrawn: 1 } });
  findings = `/v1/federations/${federationId}/sweeps/${id}/findings`;
});
afterAll(async () => {
  await app.close();
  await swept.stop();
});

async function get(query: string, accept: string): Promise<string> {
  const answer = await app.inject({ url: `${findings}${query}`, headers: { ...bearer('viewer'), accept } });
  expect(answer.statusCode).toBe(200);
  return answer.body;
}

const Records = z.array(z.record(z.string(), z.string()));

/** The same findings in each form. */
const forms: Readonly<Record<string, (query: string) => Promise<readonly Finding[]>>> = {
  JSON: async (query) => z.array(Finding).parse(JSON.parse(await get(query, 'application/json')).findings),
  NDJSON: async (query) =>
    (await get(query, 'application/x-ndjson'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Finding.parse(JSON.parse(line))),
  CSV: async (query) =>
    Records.parse(parse(await get(query, 'text/csv'), { columns: true })).map((row) =>
      Finding.parse({ ...row, login: row.login?.replace(/^'/, ''), evidence: JSON.parse(row.evidence ?? '') }),
    ),
};

const everybody = ['=formula', 'admin', 'missing', 'suspended', 'unassigned'];
const filters: readonly (readonly [string, readonly string[]])[] = [
  ['', everybody],
  ['?kind=unassigned', ['unassigned']],
  ['?kind=protected', ['admin']],
  ['?kind=expired', []],
  ['?action=suspend', ['suspended']],
  ['?action=none', ['=formula', 'admin', 'missing']],
  ['?outcome=done', ['unassigned']],
  ['?outcome=withdrawn', ['suspended']],
  ['?outcome=failed', []],
  ['?listed=true', ['suspended', 'unassigned']],
  ['?listed=false', ['=formula', 'admin', 'missing']],
  ['?login=Unassigned@acme.example', ['unassigned']],
  ['?listed=true&outcome=done', ['unassigned']],
  ['?kind=unassigned&outcome=withdrawn', []],
];

describe.each(Object.keys(forms))('findings as %s', (form) => {
  const told = async (query: string) => forms[form]?.(query) ?? [];

  it.each(filters)('with the filter %j are those alone', async (query, names) => {
    const logins = (await told(query)).map(({ login }) => login).toSorted();
    expect(logins).toEqual(names.map((name) => `${name}@acme.example`));
  });

  it('of one SP user are found by the id', async () => {
    const [found] = await told('?kind=protected');
    expect(await told(`?spUserId=${found?.spUserId}`)).toEqual([found]);
  });

  it('hold the evidence of each', async () => {
    const [found] = await told('?kind=protected');
    expect(found?.evidence).toMatchObject({ spStatus: 'ACTIVE', administrator: true, idpStatus: 'ACTIVE' });
  });
});

describe('findings', () => {
  it('come page by page as JSON', async () => {
    const first = JSON.parse(await get('?limit=3', 'application/json'));
    const rest = JSON.parse(await get(`?limit=3&after=${first.nextAfter}`, 'application/json'));
    expect([first.findings.length, rest.findings.length, rest.nextAfter]).toEqual([3, 2, null]);
    const ids = z.array(Finding).parse([...first.findings, ...rest.findings]);
    expect(new Set(ids.map(({ spUserId }) => spUserId)).size).toBe(everybody.length);
  });

  it('make no formula of a spreadsheet', async () => {
    expect(await get('?kind=unmanaged', 'text/csv')).toContain(",'=formula@acme.example,unmanaged,");
  });

  it.each(['?kind=departed', '?outcome=gone', '?action=delete', '?listed=maybe', '?limit=0'])(
    'are refused with the filter %s',
    async (query) => {
      const refused = await app.inject({ url: `${findings}${query}`, headers: bearer('viewer') });
      expect(refused.statusCode).toBe(400);
    },
  );
});
