import { describe, expect, it } from 'vitest';
import { type FindingCounts, findingKinds, SweepLimits } from '../../src/domain/sweep.js';
import { blownFuses, type FuseInput } from '../../src/domain/sweep-fuse.js';
import { baseline } from './sweep-input.js';

const limits = SweepLimits.parse({});

const noFindings = Object.fromEntries(findingKinds.map((kind) => [kind, 0])) as FindingCounts;

const fuse = (rest: Partial<FuseInput>): readonly string[] =>
  blownFuses(
    {
      listed: 2,
      population: 100,
      source: 100,
      findings: noFindings,
      baseline,
      someUsers: false,
      federationEnds: false,
      ...rest,
    },
    limits,
  );

describe('the fuse', () => {
  it('lets a short list through, and asks nobody where there is nothing to do', () => {
    expect(fuse({})).toEqual([]);
    expect(fuse({ listed: 0, source: 0, baseline: null })).toEqual([]);
  });

  it.each<[string, Partial<FuseInput>, string]>([
    ['too many users', { listed: 26, population: 10_000 }, '26 users would be acted on, more than 25'],
    ['too large a share', { listed: 6 }, '6 of 100 users'],
    ['a source that has shrunk', { source: 89 }, '89 assignments where the last complete sweep saw 100: 11 % fewer'],
    ['too much that is unknown', { findings: { ...noFindings, unknown: 6 } }, 'of 6 users nothing certain'],
    ['nothing to compare with', { baseline: null }, 'there is no complete sweep'],
  ])('blows with %s', (_what, rest, reason) => {
    expect(fuse(rest).join()).toContain(reason);
  });

  it('blows for every list of a federation that ends, however short', () => {
    const reason = 'the federation ends: all of its 1 users would be acted on';
    expect(fuse({ listed: 1, federationEnds: true })).toEqual([reason]);
    expect(fuse({ listed: 1, federationEnds: true, someUsers: true })).toEqual([reason]);
    expect(fuse({ listed: 0, federationEnds: true })).toEqual([]);
    expect(fuse({ listed: 26, federationEnds: true })).toHaveLength(3);
  });

  it('looks only at the number where users were named one by one', () => {
    expect(fuse({ listed: 2, population: 2, baseline: null, someUsers: true })).toEqual([]);
    expect(fuse({ listed: 26, population: 26, someUsers: true })).toHaveLength(1);
  });
});
