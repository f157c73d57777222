import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  OnboardDocument,
  ReplanDocument,
  TransitionDocument,
  UserListQuery,
  UserPath,
  waitSeconds,
} from '../../src/api/schemas/user.js';

/** The fields that a document is refused for. */
function wrong(schema: z.ZodType, document: unknown): string[] {
  const parsed = schema.safeParse(document);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
}

const login = 'ada@acme.example';

describe('an onboarding', () => {
  it('needs nothing but the login, or the id', () => {
    expect(OnboardDocument.parse({ login })).toEqual({ login, dryRun: false });
    expect(wrong(OnboardDocument, { id: '00uAbcdefghij' })).toEqual([]);
  });

  it.each([
    ['neither login nor id', {}, 'login'],
    ['both', { login, id: '00uAbcdefghij' }, 'login'],
    ['an id of something else', { id: '00gAbcdefghij' }, 'id'],
    ['another login in the profile', { login, profile: { login: 'b@acme.example' } }, 'profile.login'],
    ['a profile with an id', { id: '00uAbcdefghij', profile: { login } }, 'profile.login'],
    ['an empty profile', { login, profile: {} }, 'profile'],
    ['an attribute with no usable name', { login, profile: { 'a b': 'x' } }, 'profile.a b'],
    ['an attribute with a structure', { login, profile: { manager: { id: 'x' } } }, 'profile.manager'],
    ['an attribute that is endless', { login, profile: { title: 'x'.repeat(1001) } }, 'profile.title'],
    ['another way of assignment', { login, assignBy: 'magic' }, 'assignBy'],
    ['an empty reason', { login, reason: '  ' }, 'reason'],
    ['a field that is unknown', { login, password: 'x' }, ''],
  ])('is refused with %s, by name', (_what, document, field) => {
    expect(wrong(OnboardDocument, document)).toEqual([field]);
  });
});

describe('a transition', () => {
  it.each([
    ['a kind that is unknown', { transition: 'delete' }, 'transition'],
    ['an update of nothing', { transition: 'update' }, 'profile'],
    ['a profile where none is changed', { transition: 'suspend', profile: { title: 'x' } }, 'profile'],
    ['an assignment where none is made', { transition: 'offboard', assignBy: 'direct' }, 'assignBy'],
    ['a login that Okta takes not', { transition: 'update', profile: { login: 'a\nb' } }, 'profile'],
  ])('is refused with %s, by name', (_what, document, field) => {
    expect(wrong(TransitionDocument, document)).toEqual([field]);
  });

  it.each(['onboard', 'suspend', 'resume', 'offboard', 'reactivate'])('%s needs nothing else', (transition) => {
    expect(wrong(TransitionDocument, { transition })).toEqual([]);
  });
});

describe('a point in time', () => {
  it.each([
    ['2027-01-31T18:00:00+01:00', '2027-01-31T17:00:00.000Z'],
    ['2027-01-31T18:00:00Z', '2027-01-31T18:00:00.000Z'],
    ['2001-01-31T18:00:00-05:30', '2001-01-31T23:30:00.000Z'],
  ])('%s is %s', (at, utc) => {
    expect(ReplanDocument.parse({ at }).at).toBe(utc);
  });

  it.each(['2027-01-31T18:00:00', '2027-01-31', 'tomorrow', '2027-02-30T00:00:00Z', '2999-01-01T00:00:00Z', 1_800_000])(
    '%s is refused',
    (at) => {
      expect(wrong(ReplanDocument, { at })).toEqual(['at']);
    },
  );
});

describe('a login', () => {
  const path = (value: string) => wrong(UserPath, { id: 'acme', login: value });

  it.each([
    'a+b@acme.example',
    '100%@acme.example',
    `o'hara"x"@acme.example`,
    'Jürgen@acme.example',
    'UPPER@ACME.EXAMPLE',
    'a/b@acme.example',
    `${'a'.repeat(87)}@acme.example`,
  ])('%s is taken as it is', (value) => {
    expect(path(value)).toEqual([]);
    expect(OnboardDocument.parse({ login: value }).login).toBe(value);
  });

  it.each([
    ['empty', ''],
    ['of 101 characters', `${'a'.repeat(88)}@acme.example`],
    ['with a line break', 'a\n@acme.example'],
    ['with a control character', 'a\u0000@acme.example'],
    ['with half a character', 'a\ud800@acme.example'],
    ['with white space at an end', ' a@acme.example'],
  ])('%s is refused', (_what, value) => {
    expect(path(value)).not.toEqual([]);
    expect(wrong(OnboardDocument, { login: value })).not.toEqual([]);
  });

  it('is put into composed form, so that one user is one user', () => {
    expect(OnboardDocument.parse({ login: 'Ju\u0308rgen@acme.example' }).login).toBe('J\u00fcrgen@acme.example');
  });
});

describe('Prefer: wait=N', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['wait=10', 10],
    ['WAIT=10', 10],
    ['respond-async, wait=10', 10],
    ['wait=10;foo', 10],
    ['wait=999', 60],
    ['wait=-1', 0],
    ['wait=ten', 0],
    ['await=10', 0],
  ])('%s waits %i seconds', (header, seconds) => {
    expect(waitSeconds(header)).toBe(seconds);
  });

  it('never waits longer than a minute nor a part of a second, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (before, seconds) => {
        const found = waitSeconds(`${before}wait=${seconds}`);
        expect(Number.isInteger(found) && found >= 0 && found <= 60).toBe(true);
      }),
    );
  });
});

it('a list has a page size, and searches by states and transitions that exist', () => {
  expect(UserListQuery.parse({})).toEqual({ limit: 20 });
  expect(wrong(UserListQuery, { limit: '101', state: 'done', transition: 'delete' })).toEqual([
    'limit',
    'state',
    'transition',
  ]);
});
