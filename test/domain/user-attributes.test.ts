import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkAttributes,
  differingAttributes,
  expectedAfterUpdate,
  profileFacts,
  pushedProfile,
} from '../../src/domain/user-attributes.js';
import { assignment, login, user } from './user-input.js';

describe('a profile in a report', () => {
  it('has the attributes that hold a value, and no structures', () => {
    const profile = { a: 'x', b: 0, c: false, d: null, e: undefined, f: ['p', 'q'], g: [1], h: { secret: 'x' }, i: '' };
    expect(profileFacts(profile)).toEqual({ a: 'x', b: 0, c: false, f: ['p', 'q'], i: '' });
  });
});

describe('what the SP org must show of an assignment', () => {
  it('is the mapped profile with the user name as login, without what steers provisioning', () => {
    const profile = { firstName: 'Ada', initialStatus: 'active_with_pass', managerId: 'm1' };
    expect(pushedProfile(assignment({ profile }))).toEqual({ firstName: 'Ada', login });
  });

  it('has no login where the assignment has no user name', () => {
    expect(pushedProfile(assignment({ userName: null, profile: { firstName: 'Ada' } }))).toEqual({ firstName: 'Ada' });
  });
});

describe('the comparison, attribute by attribute', () => {
  it('passes where every attribute is there, and names each', () => {
    expect(checkAttributes(assignment(), user())).toMatchObject({
      result: 'passed',
      detail: 'firstName, lastName, email, login',
      fix: null,
    });
  });

  it('names what differs, and what to do', () => {
    const changed = user({ profile: { firstName: 'Ada', lastName: 'Byron', email: login } });
    expect(checkAttributes(assignment(), changed)).toMatchObject({
      result: 'failed',
      detail: 'lastName differ',
      fix: expect.stringContaining('System Log'),
    });
  });

  it('tells case apart in every attribute but login and e-mail address', () => {
    const profile = { firstName: 'Ada', lastName: 'Person', email: login };
    const shown = { firstName: 'ada', lastName: 'Person', email: login.toUpperCase() };
    const upper = user({ login: login.toUpperCase(), profile: shown });
    expect(differingAttributes({ ...profile, login }, upper)).toEqual(['firstName']);
  });

  it('sees an attribute that is missing', () => {
    expect(differingAttributes({ department: 'R&D' }, user())).toEqual(['department']);
  });

  it('finds exactly the attributes that somebody has changed', () => {
    const names = ['firstName', 'lastName', 'department', 'city'] as const;
    const profile = Object.fromEntries(names.map((name) => [name, `${name} as pushed`]));
    fc.assert(
      fc.property(fc.subarray([...names]), (changed) => {
        const shown = { ...profile, ...Object.fromEntries(changed.map((name) => [name, 'something else'])) };
        expect(differingAttributes(profile, user({ profile: shown }))).toEqual(changed);
      }),
    );
  });
});

describe('what the SP org must show after an update', () => {
  const before = user({ profile: { firstName: 'Ada', department: 'R&D', city: 'London' } });
  const assigned = assignment({ profile: { firstName: 'Ada', department: 'RESEARCH', city: 'London' } });

  it('is a changed attribute that the mapping passes on as it is', () => {
    expect(expectedAfterUpdate(before, assigned, { firstName: 'Grace' })).toEqual({ firstName: 'Grace' });
  });

  it('is nothing of an attribute that the mapping changes, or that is unset in both', () => {
    expect(expectedAfterUpdate(before, assigned, { department: 'Sales', nickName: 'Gracie' })).toEqual({});
  });

  it('is nothing of an attribute that is taken away', () => {
    expect(expectedAfterUpdate(before, assigned, { city: null })).toEqual({});
  });

  it('is the new login where the user name follows the login', () => {
    expect(expectedAfterUpdate(before, assigned, { login: 'new@acme.example' })).toEqual({ login: 'new@acme.example' });
  });

  it('is the old login where the user name was given by hand', () => {
    const byHand = assignment({ userName: 'other@partner.example' });
    expect(expectedAfterUpdate(before, byHand, { login: 'new@acme.example' })).toEqual({});
  });
});
