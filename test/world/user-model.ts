import { expect } from 'vitest';
import type { TransitionKind } from '../../src/domain/user-lifecycle.js';
import type { FederatedWorld } from './federated-world.js';

/** What the orgs hold of the user: `returned` once a deactivated user is back and has no password yet. */
export interface Model {
  readonly status: 'none' | 'active' | 'suspended' | 'gone' | 'returned';
  readonly lastName: string;
  /** Whether the user holds an administrator role in the SP org. */
  readonly admin: boolean;
}

/** What a person may do to a user in a console. */
export type Hand = 'suspend' | 'unsuspend' | 'unassign' | 'makeAdmin';

/** What is asked of a user, and what an approver says where the user is protected. */
export interface Asked {
  readonly kind: TransitionKind;
  readonly agrees: boolean;
}

/** What a transition must come to, and what it leaves behind. */
export function expected(model: Model, { kind, agrees }: Asked, lastName: string): { ends: string; after: Model } {
  const { status, admin } = model;
  const stopped = { ends: 'stopped', after: model };
  const done = (changes: Partial<Model> = {}) => ({ ends: 'done', after: { ...model, ...changes } });
  switch (kind) {
    case 'onboard':
    case 'reactivate':
      if (status === 'suspended' || (status === 'none' && kind === 'reactivate')) return stopped;
      return done({ status: status === 'none' ? 'active' : status === 'gone' ? 'returned' : status });
    case 'update':
      return status === 'none' || status === 'gone' ? stopped : done({ lastName });
    case 'suspend':
      if (status !== 'active' && status !== 'suspended') return stopped;
      return admin && !agrees ? stopped : done({ status: 'suspended' });
    case 'resume':
      return status === 'active' || status === 'suspended' ? done({ status: 'active' }) : stopped;
    case 'offboard':
      if (admin && !agrees) return stopped;
      return done({ status: status === 'none' ? 'none' : 'gone', admin: false });
  }
}

const shown: Readonly<Record<Model['status'], string | undefined>> = {
  none: undefined,
  active: 'ACTIVE',
  suspended: 'SUSPENDED',
  gone: 'DEPROVISIONED',
  returned: 'PROVISIONED',
};

/** What a person's hand leaves behind; the same model where it can do nothing. */
export function afterHand(model: Model, hand: Hand): Model {
  const { status, admin } = model;
  if (hand === 'suspend') return status === 'active' ? { ...model, status: 'suspended' } : model;
  if (hand === 'unsuspend') return status === 'suspended' ? { ...model, status: 'active' } : model;
  const isThere = status !== 'none' && status !== 'gone';
  if (admin || !isThere) return model;
  return hand === 'unassign' ? { ...model, status: 'gone' } : { ...model, admin: true };
}

/** Does it in a console; nothing where it cannot be done, or Okta could not push what follows from it. */
export async function doByHand(world: FederatedWorld, login: string, hand: Hand, model: Model): Promise<Model> {
  const after = afterHand(model, hand);
  if (after === model || (hand === 'unassign' && world.held(login).assignment === null)) return model;
  if (hand === 'unassign') await world.inConsole('idp', login, { org2org: 'unassign' });
  else await world.inConsole('sp', login, hand === 'makeAdmin' ? { role: 'USER_ADMIN' } : { status: hand });
  return after;
}

/** The model that both orgs are like at this very moment. */
export function modelOf(world: FederatedWorld, login: string): Model {
  const { sp, idp, roles } = world.held(login);
  const status = (Object.keys(shown) as Model['status'][]).find((name) => shown[name] === sp?.status);
  if (status === undefined) throw new Error(`the model knows no ${sp?.status}`);
  return { status, lastName: String((sp ?? idp)?.profile.lastName), admin: roles.length > 0 };
}

/** Expects that both orgs are as the model says, and that the user is still the very same one. */
export function expectHeld(world: FederatedWorld, login: string, model: Model, spId: string | undefined): void {
  const held = world.held(login);
  expect({ status: held.sp?.status, lastName: held.sp?.profile.lastName }).toEqual({
    status: shown[model.status],
    lastName: model.status === 'none' ? undefined : model.lastName,
  });
  expect(held.sp?.id).toBe(spId);
  expect(held.roles).toEqual(model.admin ? ['USER_ADMIN'] : []);
  expect(world.countOf(login)).toEqual({ idp: 1, sp: model.status === 'none' ? 0 : 1 });
  const has = model.status !== 'none' && model.status !== 'gone';
  expect([held.assignment !== null, held.inAccessGroup, held.targetApp]).toEqual([has, has, has]);
}
