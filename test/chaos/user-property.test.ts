import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import type { Transition, TransitionKind } from '../../src/domain/user-lifecycle.js';
import { startUserWorld, type UserWorld } from '../world/user-world.js';

/** Sequences that are tried; more with USER_SEQUENCES. */
const sequences = Number(process.env.USER_SEQUENCES ?? 12);

/** What the SP org holds of the user: `returned` once a deactivated user is back and has no password yet. */
type Status = 'none' | 'active' | 'suspended' | 'gone' | 'returned';

interface Model {
  status: Status;
  lastName: string;
}

type Step =
  | {
      readonly kind: TransitionKind;
      readonly fault: 'none' | 'answerLost' | 'unavailable' | 'tooMany';
      readonly side: 'idp' | 'sp';
    }
  | { readonly hand: 'suspend' | 'unsuspend' | 'unassign' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom<TransitionKind>('onboard', 'update', 'suspend', 'resume', 'offboard', 'reactivate'),
        fault: fc.constantFrom('none', 'answerLost', 'unavailable', 'tooMany'),
        side: fc.constantFrom('idp', 'sp'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ hand: fc.constantFrom('suspend', 'unsuspend', 'unassign') }) },
  ),
  { minLength: 4, maxLength: 6 },
) as fc.Arbitrary<Step[]>;

/** What a transition must come to, and what it leaves behind. */
function expected(model: Model, kind: TransitionKind, lastName: string): { ends: 'done' | 'stopped'; after: Model } {
  const { status } = model;
  const stopped = { ends: 'stopped', after: model } as const;
  const done = (changes: Partial<Model> = {}) => ({ ends: 'done', after: { ...model, ...changes } }) as const;
  switch (kind) {
    case 'onboard':
    case 'reactivate':
      if (status === 'suspended' || (status === 'none' && kind === 'reactivate')) return stopped;
      return done({ status: status === 'none' ? 'active' : status === 'gone' ? 'returned' : status });
    case 'update':
      return status === 'none' || status === 'gone' ? stopped : done({ lastName });
    case 'suspend':
      return status === 'active' || status === 'suspended' ? done({ status: 'suspended' }) : stopped;
    case 'resume':
      return status === 'active' || status === 'suspended' ? done({ status: 'active' }) : stopped;
    case 'offboard':
      return done({ status: status === 'none' ? 'none' : 'gone' });
  }
}

const shown: Readonly<Record<Status, string | undefined>> = {
  none: undefined,
  active: 'ACTIVE',
  suspended: 'SUSPENDED',
  gone: 'DEPROVISIONED',
  returned: 'PROVISIONED',
};

const faults = {
  answerLost: { kind: 'resetAfter' },
  unavailable: { kind: 'status', status: 503 },
  tooMany: { kind: 'rateLimit', resetSeconds: 1 },
};

let at: UserWorld;
let next = 0;

beforeAll(async () => {
  at = await startUserWorld();
});
afterAll(() => at.world.stop());

/** What a person does by hand in a console; nothing where it cannot be done. */
async function byHand(
  hand: 'suspend' | 'unsuspend' | 'unassign',
  model: Model,
  idpId: string,
  spId: string | undefined,
) {
  const { spAdmin, idpAdmin, sandbox } = at.world;
  if (hand === 'suspend' && model.status === 'active') {
    await spAdmin.post(`/api/v1/users/${spId}/lifecycle/suspend`);
    return { ...model, status: 'suspended' as const };
  }
  if (hand === 'unsuspend' && model.status === 'suspended') {
    await spAdmin.post(`/api/v1/users/${spId}/lifecycle/unsuspend`);
    return { ...model, status: 'active' as const };
  }
  if (hand === 'unassign' && (await at.people.assignment(idpId)) !== null) {
    await idpAdmin.delete(`/api/v1/apps/${at.people.known('org2orgAppId')}/users/${idpId}`);
    await sandbox.idle();
    return { ...model, status: 'gone' as const };
  }
  return model;
}

function usersWithLogin(login: string): number {
  return at.world.sandbox.sp.org.users.filter((user) => user.profile.login === login).length;
}

function checkReport({ state, kind, after, proof }: Transition, model: Model, spId: string | undefined): void {
  if (state !== 'done') return;
  expect(after?.sp?.id ?? undefined).toBe(spId);
  expect(after?.sp?.status).toBe(shown[model.status]);
  if (kind === 'offboard') expect(proof?.statements.every(({ result }) => result === 'passed')).toBe(true);
}

async function live(sequence: readonly Step[]): Promise<void> {
  next += 1;
  const login = `property-${next}@acme.example`;
  const idpId = await at.people.inIdp(login);
  const bystander = await at.people.inSp(`bystander-${next}@acme.example`);
  const untouched = await at.people.find('sp', bystander);
  let model: Model = { status: 'none', lastName: 'Person' };
  let spId: string | undefined;
  for (const [index, step] of sequence.entries()) {
    if ('hand' in step) {
      model = await byHand(step.hand, model, idpId, spId);
    } else {
      const lastName = `Changed ${next}-${index}`;
      const { ends, after } = expected(model, step.kind, lastName);
      if (step.fault !== 'none') {
        at.world.sandbox.faults.add(FaultRequest.parse({ ...faults[step.fault], org: step.side, onlyWrites: true }));
      }
      const said = step.kind === 'update' ? { profile: { lastName } } : {};
      const transition = await at.users.carryOut(step.kind, login, said);
      at.world.sandbox.faults.remove();
      expect(`${step.kind} ${transition.state}`).toBe(`${step.kind} ${ends}`);
      model = after;
      await at.world.sandbox.idle();
      const found = await at.people.find('sp', login);
      spId ??= found?.id;
      checkReport(transition, model, spId);
    }
    const held = await at.people.find('sp', login);
    expect(held?.status).toBe(shown[model.status]);
    expect(held?.id).toBe(spId);
    if (held !== null) expect(held.profile.lastName).toBe(model.lastName);
    expect(usersWithLogin(login)).toBe(model.status === 'none' ? 0 : 1);
    const assigned = (await at.people.assignment(idpId)) !== null;
    expect(assigned).toBe(model.status !== 'none' && model.status !== 'gone');
  }
  expect(await at.people.find('sp', bystander)).toEqual(untouched);
}

it('whatever is asked, fails and is changed by hand: both orgs are as a simple model says, and so are the reports', async () => {
  await fc.assert(fc.asyncProperty(steps, live), { numRuns: sequences, endOnFailure: true });
});
