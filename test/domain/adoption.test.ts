import { describe, expect, it } from 'vitest';
import { adoptablePairs } from '../../src/domain/adoption.js';
import type { FoundSpSide, FoundTarget } from '../../src/domain/found-federation.js';
import { federationInput, registry } from './federation-input.js';
import { foundAs } from './found-federation-input.js';

const { spec, orgs } = federationInput();
const { app, provider, key, clients, target, group } = foundAs(spec);
const addresses = [registry.partner.url];
const input = { spec, orgs, addresses, known: {} };

const likely: FoundTarget[] = target === null || group === null ? [] : [{ app: target, groups: [group] }];
const sp: FoundSpSide = {
  providers: [provider],
  keys: key === null ? [] : [key],
  clients,
  targets: likely,
  evidence: [],
};

const pairsOf = (apps = [app], side: Partial<FoundSpSide> = {}) =>
  adoptablePairs(input, { apps, evidence: [] }, { ...sp, ...side }, '2026-03-01T12:00:00.000Z');

describe('a pair', () => {
  it('is an app and the identity provider of its issuer, with everything else that belongs to it', () => {
    const { pairs, unpaired } = pairsOf();
    expect(unpaired).toEqual([]);
    expect(pairs[0]).toMatchObject({
      known: {
        serviceClientId: '0oaclient',
        trustedKeyId: 'kid-1',
        targetAppId: '0oatarget',
        accessGroupId: '00ggroup',
      },
      changes: [],
      blockers: [],
    });
    expect(pairs[0]?.specification.targetApp.mode).toBe('adopt');
  });

  it('is found by the ACS URL where the issuer is wrong, and the issuer is what differs', () => {
    const { pairs } = pairsOf([app], { providers: [{ ...provider, issuer: 'http://www.okta.com/exk2' }] });
    expect(pairs[0]?.checks.filter(({ result }) => result === 'failed').map(({ name }) => name)).toEqual(['issuer']);
  });

  it('is none where neither end knows the other', () => {
    const strange = { ...provider, issuer: 'x', acsUrl: 'y' };
    const { pairs, unpaired } = pairsOf([app], { providers: [strange] });
    expect(pairs).toEqual([]);
    expect(unpaired.map(({ org, id }) => [org, id])).toEqual([
      ['acme', '0oaorg2org'],
      ['partner', '0oaidp'],
    ]);
  });

  it('has nothing to do with an app that leads elsewhere', () => {
    const elsewhere = {
      ...app,
      app: { ...app.app, baseUrl: 'https://elsewhere.okta.com', acsUrl: 'x' },
      metadata: null,
    };
    expect(pairsOf([elsewhere], { providers: [] }).unpaired).toEqual([]);
  });
});

describe('the target app of a pair', () => {
  const other: FoundTarget = {
    app: { ...foundAs(spec).target, id: '0oaother', name: 'slack', label: 'Slack' } as FoundTarget['app'],
    groups: [],
  };

  it('is asked for where more than one could be it, and which ones', () => {
    const targets = [other, { ...other, app: { ...other.app, id: '0oathird', label: 'Third' } }];
    const [pair] = pairsOf([app], { targets }).pairs;
    expect(pair?.notes.join(' ')).toMatch(/under targetApp: Slack \(0oaother\), Third/);
    expect(pair?.known.targetAppId).toBeUndefined();
  });

  it('is the one from the catalog that the guide names, among others', () => {
    expect(pairsOf([app], { targets: [other, ...likely] }).pairs[0]?.known.targetAppId).toBe('0oatarget');
  });

  it('is named by its id where another one has the same label', () => {
    const namesake = { ...other, app: { ...other.app, label: 'Dropbox Business' } };
    expect(pairsOf([app], { targets: [namesake, ...likely] }).pairs[0]?.specification.targetApp.id).toBe('0oatarget');
  });
});
