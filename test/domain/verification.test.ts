import { describe, expect, it } from 'vitest';
import { canaryOf, canaryPrefix, isCanary } from '../../src/domain/canary.js';
import type { Check } from '../../src/domain/check.js';
import { type ChecklistFacts, checklist } from '../../src/domain/checklist.js';
import type { Step } from '../../src/domain/federation.js';
import { tokenLife } from '../../src/domain/key-points.js';
import { concludeVerification } from '../../src/domain/verification.js';
import { federationInput } from './federation-input.js';

const signedOn = { result: 'signedOn', reached: 'targetApp', detail: 'arrived', checks: [], evidence: [] } as const;
const shown: ChecklistFacts = { arrived: true, access: true, why: null, signOn: signedOn, recorded: 'passed' };

const lines = (facts: Partial<ChecklistFacts>) =>
  Object.fromEntries(checklist({ ...shown, ...facts }).map(({ name, result }) => [name, result]));

describe("the guide's checklist", () => {
  it('passes where the canary arrived and signed on to the end', () => {
    expect(new Set(Object.values(lines({})))).toEqual(new Set(['passed']));
  });

  it.each([
    ['nowhere', ['failed', 'unknown', 'unknown']],
    ['idp', ['passed', 'failed', 'unknown']],
    ['sp', ['passed', 'passed', 'failed']],
  ] as const)('fails at the line where a sign-on that reached %s came to its end', (reached, results) => {
    const found = lines({ signOn: { ...signedOn, result: 'failed', reached } });
    expect([found.idpAuthentication, found.crossTenantRedirect, found.endToEnd]).toEqual(results);
  });

  it('is unknown where the org does not let a canary sign on, and says why', () => {
    const signOn = { ...signedOn, result: 'untestable', detail: 'a second factor is asked for' } as const;
    const [first] = checklist({ ...shown, signOn });
    expect(first).toMatchObject({ result: 'unknown', detail: 'a second factor is asked for' });
  });

  it('fails where the canary did not arrive, with the reason', () => {
    const found = checklist({ ...shown, arrived: false, access: null, signOn: null, why: 'Not authorized.' });
    expect(found.find(({ name }) => name === 'appearsInDirectory')).toMatchObject({
      result: 'failed',
      detail: 'Not authorized.',
    });
  });
});

describe('the verdict', () => {
  const check = (result: Check['result']): Check => ({
    name: 'deactivation',
    statement: 's',
    result,
    detail: 'd',
    fix: null,
    evidence: [],
  });
  const step = (name: Step['name'], result: Check['result'], state: Step['state'] = 'done') =>
    ({ name, state, checks: [check(result)] }) as unknown as Step;
  const verdict = (facts: Partial<ChecklistFacts>, steps: readonly Step[]) =>
    concludeVerification({ ...shown, ...facts }, steps).find(({ name }) => name === 'verified')?.result;

  it('is passed only where the deactivation was shown, too', () => {
    expect(verdict({}, [step('canaryDeactivated', 'passed')])).toBe('passed');
    expect(verdict({}, [step('canaryDeactivated', 'unknown')])).toBe('unknown');
    expect(verdict({}, [])).toBe('unknown');
  });

  it('is failed where anything failed or stopped', () => {
    const gone = step('canaryDeactivated', 'passed');
    expect(verdict({}, [gone, step('configuration', 'failed')])).toBe('failed');
    expect(verdict({}, [gone, step('configuration', 'passed', 'stopped')])).toBe('failed');
  });

  it('does not rest on what nobody can tell, such as whether an owner is a service account', () => {
    expect(verdict({}, [step('canaryDeactivated', 'passed'), step('keyPoints', 'unknown')])).toBe('passed');
  });
});

describe('a canary', () => {
  const { spec } = federationInput();

  it('has a login that tells it from every user and from the canaries of other federations', () => {
    const { login } = canaryOf(spec, 'acme', '7', null);
    expect(login).toBe('org2org-canary.acme.7@example.com');
    expect(isCanary('acme', login.toUpperCase())).toBe(true);
    for (const other of ['acme-2', 'acm', 'ac']) expect(isCanary(other, login)).toBe(false);
    expect(isCanary('acme', `x${canaryPrefix('acme')}1@example.com`)).toBe(false);
  });

  it('gets the domain that is named, or that of the test user', () => {
    expect(canaryOf(spec, 'acme', '7', 'acme.com').login).toMatch(/@acme\.com$/);
    const testUser = { login: 'test@corp.example', password: 'env:P' };
    expect(canaryOf({ ...spec, signOn: { testUser } }, 'acme', '7', null).login).toMatch(/@corp\.example$/);
  });
});

describe('the life of an API token', () => {
  const now = Date.parse('2026-03-31T00:00:00.000Z');
  const token = {
    id: '00T1',
    owner: '00u1',
    created: '2026-03-01T00:00:00.000Z',
    expiresAt: '2026-04-29T00:00:00.000Z',
  };

  it('tells age and last use', () => {
    expect(tokenLife('00u1', [token], now)).toMatchObject({
      result: 'passed',
      detail: '00T1 is 30 day(s) old, last used at 2026-03-30T00:00:00.000Z, works until 2026-04-29T00:00:00.000Z',
    });
  });

  it('is unknown where the org lists none, and failed where all have expired', () => {
    expect(tokenLife('00u1', [], now).result).toBe('unknown');
    expect(tokenLife('00u1', [{ ...token, expiresAt: '2026-03-30T00:00:00.000Z' }], now).result).toBe('failed');
    const soon = new Date(now + 6 * 24 * 60 * 60 * 1000).toISOString();
    expect(tokenLife('00u1', [{ ...token, expiresAt: soon }], now).result).toBe('failed');
    expect(tokenLife('00u1', [{ ...token, expiresAt: soon }, token], now).result).toBe('passed');
  });

  it('does not rest on the tokens of others', () => {
    const soon = { ...token, expiresAt: new Date(now + 6 * 24 * 60 * 60 * 1000).toISOString() };
    expect(tokenLife('00u1', [soon, { ...token, owner: '00u2' }], now).result).toBe('failed');
    expect(tokenLife('00u1', [{ ...token, owner: null }], now).result).toBe('unknown');
  });
});
