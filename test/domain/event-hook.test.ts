import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHookDelivery, eventSweepSpec, hintsOf } from '../../src/domain/event-hook.js';
import { SweepSpec } from '../../src/domain/sweep.js';

const ada = { type: 'User', id: '00uada', alternateId: 'ada@acme.example' };
const assignment = { type: 'AppUser', id: '0uaada', alternateId: 'ada@partner.example' };
const app = { type: 'AppInstance', id: '0oaorg2org', alternateId: 'Partner' };
const group = { type: 'UserGroup', id: '00gpartner', alternateId: 'unknown' };

function delivery(...events: object[]): EventHookDelivery {
  return EventHookDelivery.parse({ eventId: 'delivery', data: { events } });
}

const event = (eventType: string, target: unknown = [ada], more: object = {}) => ({
  uuid: 'u1',
  eventType,
  target,
  ...more,
});

describe('an event gives reason to look at its user', () => {
  const hint = { uuid: 'u1', login: 'ada@acme.example', userId: '00uada', appId: null };

  it.each([
    'user.lifecycle.deactivate',
    'user.lifecycle.suspend',
    'user.lifecycle.delete.initiated',
    'user.lifecycle.delete.completed',
    'group.user_membership.remove',
  ])('in every federation: %s', (type) => {
    expect(hintsOf(delivery(event(type, [group, ada])))).toEqual([hint]);
  });

  it('in the federation of its app, where it is about an app', () => {
    const removed = event('application.user_membership.remove', [assignment, app, ada]);
    expect(hintsOf(delivery(removed))).toEqual([{ ...hint, appId: '0oaorg2org' }]);
  });

  it('if a deactivation could not be pushed', () => {
    const pushed = (result: string) =>
      event('application.provision.user.deactivate', [ada, app], { outcome: { result } });
    expect(hintsOf(delivery(pushed('FAILURE')))).toEqual([{ ...hint, appId: '0oaorg2org' }]);
    expect(hintsOf(delivery(pushed('SUCCESS')))).toEqual([]);
  });

  it.each([
    'user.lifecycle.create',
    'user.lifecycle.activate',
    'user.lifecycle.unsuspend',
    'application.user_membership.add',
    'group.user_membership.add',
    'user.session.start',
    'xuser.lifecycle.deactivate',
  ])('but not %s', (type) => {
    expect(hintsOf(delivery(event(type)))).toEqual([]);
  });
});

describe('who is meant', () => {
  const hinted = (target: unknown) =>
    hintsOf(delivery(event('user.lifecycle.deactivate', target))).map(({ login, userId }) => ({ login, userId }));

  it('is the user, and the name in the app only where the user is not named', () => {
    expect(hinted([assignment, ada])).toEqual([{ login: 'ada@acme.example', userId: '00uada' }]);
    expect(hinted([assignment])).toEqual([{ login: 'ada@partner.example', userId: null }]);
  });

  it('is known by id where Okta does not know the login any more', () => {
    expect(hinted([{ ...ada, alternateId: 'unknown' }])).toEqual([{ login: null, userId: '00uada' }]);
    expect(hinted([{ type: 'User', id: '00uada' }])).toEqual([{ login: null, userId: '00uada' }]);
  });

  it.each([
    ['nobody', []],
    ['no target at all', null],
    ['a group', [group]],
    ['a user without login and id', [{ type: 'User', id: null, alternateId: null }]],
    ['an id that could lead elsewhere', [{ type: 'User', id: '../apps', alternateId: 'unknown' }]],
    ['a login with a line break', [{ type: 'User', id: null, alternateId: 'a\nb' }]],
  ])('is not %s', (_, target) => {
    expect(hinted(target)).toEqual([]);
  });

  it('stays the same event when it is delivered again, also where it has no id of its own', () => {
    const anonymous = { eventType: 'user.lifecycle.suspend', target: [ada] };
    const [first, second] = hintsOf(delivery(anonymous, anonymous));
    expect([first?.uuid, second?.uuid]).toEqual(['delivery/0', 'delivery/1']);
  });
});

describe('what a look after an event may do', () => {
  const enforce = SweepSpec.parse({
    mode: 'enforce',
    rules: { unassigned: 'suspend' },
    limits: { fuse: { users: 10 }, inFlight: 2 },
    reason: 'nightly',
  });

  it('is to report where no schedule says otherwise', () => {
    expect(eventSweepSpec(null, ['ada'], 0)).toEqual(SweepSpec.parse({ mode: 'report', scope: { users: ['ada'] } }));
  });

  it('is what the schedule says, for these users only', () => {
    expect(eventSweepSpec(enforce, ['ada'], 0)).toEqual({ ...enforce, scope: { users: ['ada'] } });
  });

  it('is never more than to report where the schedule only reports', () => {
    expect(eventSweepSpec({ ...enforce, mode: 'report' }, ['ada'], 0).mode).toBe('report');
  });

  it('adds up to no more users than one sweep may act on without a person', () => {
    const looksOf = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), looksOf, (users, looks) => {
        const scheduled = { ...enforce, limits: { ...enforce.limits, fuse: { ...enforce.limits.fuse, users } } };
        let acted = 0;
        for (const listed of looks) {
          const { mode, limits } = eventSweepSpec(scheduled, ['ada'], acted);
          if (mode === 'enforce' && listed <= limits.fuse.users) acted += listed;
        }
        expect(acted).toBeLessThanOrEqual(users);
      }),
    );
  });
});
