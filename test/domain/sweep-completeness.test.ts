import { describe, expect, it } from 'vitest';
import { type ListRead, SweepLimits, type SweepList } from '../../src/domain/sweep.js';
import { doubtsAbout } from '../../src/domain/sweep-completeness.js';
import { baseline } from './sweep-input.js';

const limits = SweepLimits.parse({});

const read = (list: SweepList, items: number, rest: Partial<ListRead> = {}): ListRead => ({
  list,
  pages: 1,
  items,
  ended: true,
  repeated: 0,
  emptyWithin: 0,
  ...rest,
});

const reads = (assignments: number, rest: Partial<ListRead> = {}): readonly ListRead[] => [
  read('accessGroupMembers', 100),
  read('identityProviderUsers', 90),
  read('administrators', 2),
  read('assignments', assignments, rest),
];

describe('what was read is trusted', () => {
  it('if every list was read to its end and is about as long as before', () => {
    expect(doubtsAbout(reads(100), baseline, limits)).toEqual([]);
    expect(doubtsAbout(reads(60), baseline, limits)).toEqual([]);
    expect(doubtsAbout(reads(60), null, limits)).toEqual([]);
  });

  it.each<[string, readonly ListRead[], string]>([
    ['a list that was not read', reads(100).slice(1), 'accessGroupMembers was not read'],
    ['a list without an end', reads(100, { ended: false }), 'assignments has no proper end'],
    ['a page that came twice', reads(100, { repeated: 1 }), 'assignments repeated 1 page(s)'],
    ['an empty page in the middle', reads(100, { emptyWithin: 1 }), 'assignments had 1 empty page(s)'],
    ['a list that is much shorter', reads(49), 'assignments has 49 entries where the last complete sweep saw 100'],
    ['assignments that are suddenly none', reads(0), 'assignments is empty although 100 user(s)'],
  ])('not with %s', (_what, lists, doubt) => {
    expect(doubtsAbout(lists, baseline, limits).join()).toContain(doubt);
  });

  it('not without assignments, also in the first sweep', () => {
    expect(doubtsAbout(reads(0), null, limits)).toHaveLength(1);
  });
});
