import { type SourceUser, SweepRules, type SweptUser } from '../../src/domain/sweep.js';

/** An SP user who is entitled in every respect, but for what the test says. */
export function sweptUser(overrides: Partial<SweptUser> = {}): SweptUser {
  return {
    spUserId: '00usp',
    login: 'ada@acme.example',
    status: 'ACTIVE',
    createdAt: '2025-01-01T00:00:00.000Z',
    lastLogin: '2025-12-31T00:00:00.000Z',
    because: { linked: true, provisioned: true, inAccessGroup: true },
    administrator: false,
    sources: [sourceUser()],
    sourceKnown: true,
    suspendedBySweep: null,
    ...overrides,
  };
}

export function sourceUser(overrides: Partial<SourceUser> = {}): SourceUser {
  return {
    idpUserId: '00uidp',
    login: 'ada@acme.example',
    status: 'ACTIVE',
    assignment: { status: 'PROVISIONED', scope: 'USER', externalId: '00usp', userName: 'ada@acme.example' },
    endDate: null,
    ...overrides,
  };
}

/** Rules under which everything that may be acted on is deactivated. */
export const severe = SweepRules.parse({
  idpUserMissing: 'deactivate',
  idpUserSuspended: 'deactivate',
  inactive: { days: 90, action: 'deactivate' },
  expired: { attribute: 'endDate', action: 'deactivate' },
});

export const at = Date.parse('2026-01-01T00:00:00.000Z');

/** What the last complete sweep has read. */
export const baseline = {
  sweepId: 'before',
  at: '2025-12-31T00:00:00.000Z',
  population: 100,
  source: 100,
  lists: [{ list: 'assignments' as const, items: 100 }],
};
