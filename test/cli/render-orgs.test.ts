import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderAdoption, renderPreflight } from '../../src/cli/render-orgs.js';
import { adoptablePairs } from '../../src/domain/adoption.js';
import { problem } from '../../src/domain/errors.js';
import { preflight } from '../../src/domain/preflight.js';
import { federationInput } from '../domain/federation-input.js';
import { foundAs } from '../domain/found-federation-input.js';

const { spec, orgs } = federationInput();
const now = '2026-03-01T12:00:00.000Z';

it('a preflight is shown with its verdict first, and with the fix of each check that did not pass', () => {
  const away = { facts: null, problem: problem('O2O_NO_WORKER', { org: 'acme' }) };
  const lines = renderPreflight(preflight({ spec, orgs }, away, away, null, now)).split('\n');
  expect(lines[0]).toMatch(/^\? Nothing was found that stands in the way/);
  const at = lines.findIndex((line) => line.includes('acme answers at'));
  expect(lines[at + 1]).toMatch(/^ +Fix: Start a worker/);
});

it('a pair is shown with who has it, what would be written, and its specification ready for a file', () => {
  const { app, provider, key, clients } = foundAs(spec);
  const sp = { providers: [provider], keys: key === null ? [] : [key], clients, targets: [], evidence: [] };
  const found = adoptablePairs({ spec, orgs, addresses: [], known: {} }, { apps: [app], evidence: [] }, sp, now);
  const text = renderAdoption({ ...found, pairs: found.pairs.map((pair) => ({ ...pair, owner: 'other' })) });
  expect(text).toContain('1 pair(s) between acme and partner');
  expect(text).toContain('only other may take it');
  expect(text).toContain('+ partner: Add Dropbox Business from the catalog');
  expect(parse(text.split('\n\n').at(-1) ?? '')).toEqual(found.pairs[0]?.specification);
});
