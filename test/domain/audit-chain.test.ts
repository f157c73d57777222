import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, entryIdOf } from '../../src/domain/audit.js';
import { beginning, type ChainLink, checkRun, type FoundRow, rowAfter } from '../../src/domain/audit-chain.js';

const text = fc.string({ maxLength: 12, unit: 'grapheme' });

const entries: fc.Arbitrary<AuditEntry> = fc.record({
  entryId: fc.uuid(),
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  action: fc.constantFrom('user.offboard' as const, 'sweep.user' as const, 'federation.apply' as const),
  federationId: fc.option(text),
  outcome: fc.constantFrom('accepted' as const, 'refused' as const),
  code: fc.option(text),
  details: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))),
  actor: fc.record({ name: text, sourceAddress: fc.option(text), userAgent: fc.option(text) }),
  subject: fc.option(
    fc.record({
      login: fc.option(text),
      reason: fc.option(text),
      ticket: fc.option(text),
      idempotencyKey: fc.option(text),
    }),
  ),
});

function chainOf(list: readonly AuditEntry[], from: ChainLink = beginning): FoundRow[] {
  const rows: FoundRow[] = [];
  for (const entry of list) {
    const actor = { salt: `a${rows.length}`, data: entry.actor };
    const subject = entry.subject === null ? null : { salt: `s${rows.length}`, data: entry.subject };
    rows.push({ ...rowAfter(rows.at(-1) ?? from, entry, actor, subject), actor, subject });
  }
  return rows;
}

const chains = fc.array(entries, { minLength: 2, maxLength: 12 }).map((list) => chainOf(list));

/** A chain, and the place of one of its rows. */
const places = chains.chain((rows) => fc.tuple(fc.constant(rows), fc.nat({ max: rows.length - 1 })));

const at = (rows: readonly FoundRow[], place: number): FoundRow => {
  const row = rows[place];
  if (row === undefined) throw new Error('no such row');
  return row;
};

const brokenAt = (rows: readonly FoundRow[]) => checkRun(beginning, rows).broken?.seq ?? null;

describe('a chain', () => {
  it('holds, also when it is checked in portions, and when subjects were erased', () => {
    fc.assert(
      fc.property(places, fc.array(fc.boolean(), { maxLength: 12 }), ([rows, place], erasures) => {
        const found = rows.map((row, index) =>
          erasures[index] === true && row.subject !== null ? { ...row, subject: 'erased' as const } : row,
        );
        const first = checkRun(beginning, found.slice(0, place));
        const rest = checkRun(first.head, found.slice(place));
        expect([first.broken, rest.broken]).toEqual([null, null]);
        expect(first.rows + rest.rows).toBe(rows.length);
        expect(first.erased + rest.erased).toBe(found.filter(({ subject }) => subject === 'erased').length);
        expect(rest.head).toEqual({ seq: rows.length, digest: rows.at(-1)?.digest });
      }),
    );
  });

  const changes: readonly [string, (row: FoundRow) => FoundRow][] = [
    ['the time', (row) => ({ ...row, at: `${row.at}!` })],
    ['the action', (row) => ({ ...row, action: 'sweep.begin' })],
    ['the federation', (row) => ({ ...row, federationId: `${row.federationId}!` })],
    ['the outcome', (row) => ({ ...row, outcome: 'done' })],
    ['the code', (row) => ({ ...row, code: `${row.code}!` })],
    ['a detail', (row) => ({ ...row, details: { ...row.details, 'one more': 1 } })],
    ['the id of the entry', (row) => ({ ...row, entryId: entryIdOf(row.entryId) })],
    ['the digest', (row) => ({ ...row, digest: beginning.digest })],
    ['the digest before', (row) => ({ ...row, previous: `${row.previous}!` })],
    ['who acted', (row) => ({ ...row, actor: { salt: 'a0', data: { name: 'somebody else entirely' } } })],
    ['who acted, taken away', (row) => ({ ...row, actor: 'erased' })],
    ['who acted, removed', (row) => ({ ...row, actor: null })],
    ['whom it was about', (row) => ({ ...row, subject: { salt: 's0', data: { login: 'somebody else entirely' } } })],
    ['whom it was about, removed', (row) => ({ ...row, subject: null, subjectDigest: row.subjectDigest ?? 'sha256:' })],
    ['that it was about nobody', (row) => ({ ...row, subject: 'erased', subjectDigest: null })],
  ];

  it.each(changes)('in which was changed: %s, is found broken at this row', (_, change) => {
    fc.assert(
      fc.property(places, ([rows, place]) => {
        expect(brokenAt(rows.with(place, change(at(rows, place))))).toBe(place + 1);
      }),
    );
  });

  it('from which a row was removed is found broken at this row, unless it was the last one', () => {
    fc.assert(
      fc.property(places, ([rows, place]) => {
        expect(brokenAt(rows.toSpliced(place, 1))).toBe(place === rows.length - 1 ? null : place + 1);
      }),
    );
  });

  it('into which a row was put, however it was made, is found broken there or right after', () => {
    fc.assert(
      fc.property(places, entries, ([rows, place], entry) => {
        const [row] = chainOf([entry], rows[place - 1] ?? beginning);
        const found = rows.toSpliced(place, 0, row ?? at(rows, 0));
        expect([place + 1, place + 2]).toContain(brokenAt(found));
      }),
    );
  });

  it('of which two rows were swapped is found broken at the first of them', () => {
    fc.assert(
      fc.property(places, fc.nat(), ([rows, place], other) => {
        const [first, second] = [place, other % rows.length].sort((a, b) => a - b) as [number, number];
        fc.pre(first !== second);
        const swapped = rows.with(first, at(rows, second)).with(second, at(rows, first));
        expect(brokenAt(swapped)).toBe(first + 1);
      }),
    );
  });

  it('whose row was made anew, with the digests after it, is found by whoever has kept its head', () => {
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 6 }), entries, (list, other) => {
        const forged = chainOf(list.with(0, other));
        expect(brokenAt(forged)).toBe(null);
        expect(forged.at(-1)?.digest).not.toBe(chainOf(list).at(-1)?.digest);
      }),
    );
  });
});

describe('the id of an entry that follows from what it is about', () => {
  it('is a UUID, the same for the same parts and another for others', () => {
    fc.assert(
      fc.property(fc.array(text), text, (parts, more) => {
        expect(entryIdOf(...parts)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(entryIdOf(...parts)).toBe(entryIdOf(...parts));
        expect(entryIdOf(...parts)).not.toBe(entryIdOf(...parts, more));
      }),
    );
  });
});
