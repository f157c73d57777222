import { describe, expect, it } from 'vitest';
import { compareMembers } from '../../src/domain/group-rollout.js';
import {
  areAmong,
  isAccepted,
  namedOutstanding,
  outstanding,
  stillExplained,
} from '../../src/workflows/rollout-rules.js';

const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `00u${1_000 + from + index}`);

/** A look at a group of which nobody has arrived. */
const look = (missing: readonly string[]) => compareMembers(new Set(missing), new Map(), null);

function accepted(missing: readonly string[]) {
  const seen = look(missing);
  return { count: outstanding(seen), ids: namedOutstanding(seen), outstanding: seen.outstanding };
}

describe('a person who was content with those who had not arrived', () => {
  it.each([
    ['the same', ids(1, 3), ids(1, 3), true],
    ['fewer of them', ids(1, 3), ids(2, 3), true],
    ['nobody', ids(1, 3), [], true],
    ['as many, others among them', ids(1, 3), ids(2, 4), false],
    ['one more', ids(1, 3), ids(1, 4), false],
    ['the same, more than are named', ids(1, 150), ids(1, 150), true],
    ['as many, more than are named, another one among them', ids(1, 150), ids(2, 151), false],
    ['fewer than before, still more than are named', ids(1, 150), ids(1, 140), false],
  ])('is content with %s', (_, before, now, content) => {
    expect(isAccepted(look(now), accepted(before))).toBe(content);
  });

  it('reads no more of who has arrived since', () => {
    const issue = (id: string) => ({ id, state: 'queued' as const, reason: 'no word', fix: 'mend it' });
    const explained = { count: 3, issues: ids(1, 3).map(issue) };
    expect(stillExplained(explained, look(ids(2, 3)))).toEqual({ count: 2, issues: ids(2, 3).map(issue) });
  });
});

describe('leavers who were waited for', () => {
  it('are not waited for again, unless there are others among them', () => {
    const before = { count: 2, ids: ids(1, 2) };
    expect(areAmong({ count: 1, ids: ids(2, 2) }, before)).toBe(true);
    expect(areAmong({ count: 1, ids: ids(3, 3) }, before)).toBe(false);
    expect(areAmong({ count: 3, ids: ids(1, 2) }, before)).toBe(false);
  });
});
