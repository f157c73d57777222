import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Collection } from '../../../sandbox/core/collection.js';
import { newId } from '../../../sandbox/core/ids.js';
import { SortedIds } from '../../../sandbox/core/sorted-ids.js';

const steps = fc.array(fc.record({ add: fc.boolean(), id: fc.string({ minLength: 1, maxLength: 3 }) }), {
  maxLength: 60,
});

describe('collections', () => {
  it('hold what a map holds, in the order of ids, whatever the order of changes', () => {
    fc.assert(
      fc.property(steps, fc.string({ maxLength: 3 }), (changes, cursor) => {
        const collection = new Collection<{ id: string }>();
        const ids = new SortedIds();
        const model = new Set<string>();
        for (const { add, id } of changes) {
          if (add) collection.add({ id });
          else collection.delete(id);
          if (add) ids.add(id);
          else ids.delete(id);
          if (add) model.add(id);
          else model.delete(id);
        }
        const expected = [...model].sort((a, b) => (a < b ? -1 : 1));
        expect(collection.all().map((item) => item.id)).toEqual(expected);
        expect(ids.all()).toEqual(expected);
        const behind = expected.filter((id) => id > cursor);
        expect([...collection.after(cursor)].map((item) => item.id)).toEqual(behind);
        expect([...ids.after(cursor)]).toEqual(behind);
      }),
    );
  });
});

describe('ids', () => {
  it('have 20 characters and sort in the order in which they were made', () => {
    const ids = Array.from({ length: 2000 }, () => newId('00u'));
    expect(ids.every((id) => /^00u[0-9A-Za-z]{17}$/.test(id))).toBe(true);
    expect([...ids].sort((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  });
});
