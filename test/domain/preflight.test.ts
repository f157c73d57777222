import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Look } from '../../src/domain/diagnosis-facts.js';
import { problem } from '../../src/domain/errors.js';
import { preflight } from '../../src/domain/preflight.js';
import type { IdpPreflight, OrgPreflight, SpPreflight } from '../../src/domain/preflight-facts.js';
import { now, saw } from './diagnosis-facts.js';
import { federationInput } from './federation-input.js';

const there = saw({
  resource: 'targetApp' as const,
  org: 'acme',
  id: '0oa1',
  observed: null,
  changes: [],
  blockers: [],
  candidates: [],
  explanation: 'It is there.',
  evidence: [],
  known: {},
});

const org = (id: string): OrgPreflight => ({
  metadata: saw({ id, pipeline: 'idx', cell: null }),
  access: { kind: 'apiToken' },
  needed: [],
  helpful: [],
  refusedScopes: [],
  grantedScopes: saw(null),
  roles: saw(['SUPER_ADMIN']),
  org2orgApps: saw([]),
  budgets: [{ operation: 'listApplications', limit: 100, remaining: 90, resetAt: now }],
  rateShare: 0.5,
  clockAheadMs: 0,
});
const idp: IdpPreflight = { ...org('00o1'), app: there, certificate: there, assignments: there, spToken: saw([]) };
const sp: SpPreflight = {
  ...org('00o2'),
  targetApp: there,
  identityProvider: there,
  accessGroup: there,
  serviceClients: saw([]),
};

function preflighted(
  of: { readonly idp?: Partial<IdpPreflight>; readonly sp?: Partial<SpPreflight> } = {},
  document: Record<string, unknown> = {},
  owner: string | null = null,
) {
  const idpSide = { facts: { ...idp, ...of.idp }, problem: null };
  const spSide = { facts: { ...sp, ...of.sp }, problem: null };
  const found = preflight(federationInput(document), idpSide, spSide, owner, now);
  return Object.fromEntries([...found.checks, ...found.advice].map(({ name, result }) => [name, result]));
}

const unreadable = (code: Parameters<typeof problem>[0]): Look<never> => ({
  seen: null,
  problem: problem(code, { org: 'acme', operation: 'x', detail: 'y' }),
  evidence: [],
});

describe('a preflight', () => {
  it('says nothing of an org that nobody could read, and fails nothing', () => {
    const side = { facts: null, problem: problem('O2O_NO_WORKER', { org: 'acme' }) };
    const found = preflight(federationInput(), side, side, null, now);
    expect(new Set([...found.checks, ...found.advice].map(({ result }) => result))).toEqual(new Set(['unknown']));
    expect(found.verdict.result).toBe('unknown');
  });

  it('has no check that its page does not explain, and explains none that it lacks', () => {
    const page =
      readFileSync(new URL('../../docs/preflight.md', import.meta.url), 'utf8').split('## Adoption')[0] ?? '';
    const cells = [...page.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
    const explained = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    const token = { provisioning: { auth: 'token', token: 'env:TOKEN' } };
    const all = { ...preflighted(), ...preflighted({ idp: { spToken: unreadable('O2O_OKTA_TIMEOUT') } }, token) };
    const names = Object.keys(all).map((name) => name.replace(/-(acme|partner)$/, '-{org}'));
    expect([...new Set([...names, 'spTokenAccepted', 'spTokenOwner'])].sort()).toEqual(explained.sort());
  });

  it.each([
    ['O2O_OKTA_UNREACHABLE', 'failed', 'unknown'],
    ['O2O_OKTA_ANSWER_INVALID', 'passed', 'failed'],
    ['O2O_OKTA_RATE_LIMITED', 'unknown', 'unknown'],
  ] as const)('after %s: reachable %s, Okta %s', (code, reachable, okta) => {
    const results = preflighted({ idp: { metadata: unreadable(code) } });
    expect([results['reachable-acme'], results['isOkta-acme'], results.twoOrgs]).toEqual([reachable, okta, 'unknown']);
  });

  it.each([
    ['idx', 'Identity Engine'],
    ['v1', 'Classic Engine'],
    ['next', 'an engine that is not known here (next)'],
  ])('says of an org with the pipeline %s: %s', (pipeline, engine) => {
    const facts = { ...idp, metadata: saw({ id: '00o1', pipeline, cell: 'ok7' }) };
    const other = { facts: sp, problem: null };
    const { checks } = preflight(federationInput(), { facts, problem: null }, other, null, now);
    const { result, detail } = checks.find(({ name }) => name === 'isOkta-acme') ?? {};
    expect([result, detail]).toEqual(['passed', `00o1, ${engine}, cell ok7`]);
  });

  it.each([
    [51, 'passed'],
    [50, 'failed'],
    [0, 'failed'],
  ])('with %i of 100 requests left and half of them ours, the rate budget is %s', (remaining, result) => {
    const budgets = [{ operation: 'listApplications', limit: 100, remaining, resetAt: now }];
    expect(preflighted({ sp: { budgets } })['rateBudget-partner']).toBe(result);
  });

  it.each([
    [59_000, -59_000, 'passed', 'passed', 'passed'],
    [-61_000, 0, 'failed', 'passed', 'passed'],
    [0, 121_000, 'passed', 'failed', 'failed'],
  ])('with clocks %i and %i ms ahead: %s, %s, both %s', (ofIdp, ofSp, ...results) => {
    const found = preflighted({ idp: { clockAheadMs: ofIdp }, sp: { clockAheadMs: ofSp } });
    expect([found['clock-acme'], found['clock-partner'], found.clocks]).toEqual(results);
  });

  it('leaves the switch for just-in-time creation to advice where provisioning creates the users', () => {
    const facts = [
      { facts: idp, problem: null },
      { facts: sp, problem: null },
    ] as const;
    const names = (document: Record<string, unknown>) =>
      preflight(federationInput(document), ...facts, null, now).checks.map(({ name }) => name);
    expect(names({})).not.toContain('jitSwitch');
    expect(names({ provisioning: { features: { create: false } } })).toContain('jitSwitch');
  });

  it('names the federation that has the pair, and no other', () => {
    expect(preflighted().pair).toBe('passed');
    expect(preflighted({}, {}, 'other').pair).toBe('failed');
  });
});
