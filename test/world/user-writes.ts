import type { TransitionKind } from '../../src/domain/user-lifecycle.js';
import type { FederatedWorld } from './federated-world.js';
import type { Said } from './users.js';

/** A writing call of a transition: the nth writing call to its org. */
export interface UserWrite {
  readonly org: 'idp' | 'sp';
  readonly nth: number;
  readonly operation: string;
}

/** What both orgs hold of the user at the end of a transition. */
export interface UserEnd {
  readonly idp: string | undefined;
  readonly assigned: string | undefined;
  readonly sp: string | undefined;
  readonly access: boolean;
  readonly department: unknown;
}

/** A transition, the way to its beginning, its writing calls and its end. */
export interface WritingTransition {
  readonly name: string;
  readonly kind: TransitionKind;
  /** Whether Okta pushes deactivations; where it does not, the SP org is told directly. */
  readonly pushesDeactivation: boolean;
  said(login: string): Said;
  prepare(world: FederatedWorld, login: string): Promise<void>;
  readonly writes: readonly UserWrite[];
  readonly end: UserEnd;
  /** The login at the end. */
  endsAs(login: string): string;
}

/** The specification of a federation in which Okta's push of a deactivation never comes. */
export const withoutPushedDeactivation = {
  provisioning: { features: { deactivate: false } },
  users: { whenPushFails: 'deactivate' },
};

const onboarded: UserEnd = { idp: 'ACTIVE', assigned: 'USER', sp: 'ACTIVE', access: true, department: undefined };
const gone: UserEnd = { ...onboarded, assigned: undefined, sp: 'DEPROVISIONED', access: false };

async function newcomer(world: FederatedWorld, login: string): Promise<void> {
  await world.newcomer(login);
}

async function carriedOut(world: FederatedWorld, login: string, kind: TransitionKind, said: Said = {}): Promise<void> {
  const { state } = await world.users.carryOut(kind, login, said);
  if (state !== 'done') throw new Error(`the preparing ${kind} is ${state}`);
}

async function onboardedNewcomer(world: FederatedWorld, login: string): Promise<void> {
  await newcomer(world, login);
  await carriedOut(world, login, 'onboard');
}

function writes(...calls: readonly (readonly [UserWrite['org'], string])[]): readonly UserWrite[] {
  return calls.map(([org, operation], index) => {
    const earlier = calls.slice(0, index).filter(([other]) => other === org).length;
    return { org, nth: earlier + 1, operation };
  });
}

function transition(
  name: string,
  kind: TransitionKind,
  rest: Partial<WritingTransition> & Pick<WritingTransition, 'writes' | 'end'>,
): WritingTransition {
  return {
    name,
    kind,
    pushesDeactivation: true,
    said: () => ({}),
    prepare: onboardedNewcomer,
    endsAs: (login) => login,
    ...rest,
  };
}

/** Every transition with every writing call that it makes. */
export const writingTransitions: readonly WritingTransition[] = [
  transition('onboard a user who is created', 'onboard', {
    said: (login) => ({ profile: { firstName: 'New', lastName: 'Person', email: login, department: 'Sales' } }),
    prepare: async () => {},
    writes: writes(['idp', 'createUser'], ['idp', 'assignUserToApplication'], ['sp', 'assignUserToGroup']),
    end: { ...onboarded, idp: 'PROVISIONED', department: 'Sales' },
  }),
  transition('onboard directly', 'onboard', {
    prepare: newcomer,
    writes: writes(['idp', 'assignUserToApplication'], ['sp', 'assignUserToGroup']),
    end: onboarded,
  }),
  transition('onboard by group', 'onboard', {
    prepare: newcomer,
    said: () => ({ assignBy: 'group' }),
    writes: writes(['idp', 'assignUserToGroup'], ['sp', 'assignUserToGroup']),
    end: { ...onboarded, assigned: 'GROUP' },
  }),
  transition('update', 'update', {
    said: () => ({ profile: { department: 'Research' } }),
    writes: writes(['idp', 'updateUser']),
    end: { ...onboarded, department: 'Research' },
  }),
  transition('update the login', 'update', {
    said: (login) => ({ profile: { login: `renamed-${login}`, email: `renamed-${login}` } }),
    writes: writes(['idp', 'updateUser']),
    end: onboarded,
    endsAs: (login) => `renamed-${login}`,
  }),
  transition('suspend', 'suspend', {
    writes: writes(['sp', 'revokeUserSessions'], ['sp', 'suspendUser']),
    end: { ...onboarded, sp: 'SUSPENDED' },
  }),
  transition('resume', 'resume', {
    async prepare(world, login) {
      await onboardedNewcomer(world, login);
      await carriedOut(world, login, 'suspend');
    },
    writes: writes(['sp', 'unsuspendUser']),
    end: onboarded,
  }),
  transition('offboard who is assigned directly', 'offboard', {
    writes: writes(['sp', 'revokeUserSessions'], ['idp', 'unassignUserFromApplication']),
    end: gone,
  }),
  transition('offboard who is assigned by group', 'offboard', {
    async prepare(world, login) {
      await newcomer(world, login);
      await carriedOut(world, login, 'onboard', { assignBy: 'group' });
    },
    writes: writes(['sp', 'revokeUserSessions'], ['idp', 'unassignUserFromGroup']),
    end: gone,
  }),
  transition('offboard where nothing is pushed', 'offboard', {
    pushesDeactivation: false,
    writes: writes(['sp', 'revokeUserSessions'], ['idp', 'unassignUserFromApplication'], ['sp', 'deactivateUser']),
    end: gone,
  }),
  transition('reactivate', 'reactivate', {
    async prepare(world, login) {
      await onboardedNewcomer(world, login);
      await carriedOut(world, login, 'offboard');
    },
    writes: writes(['idp', 'assignUserToApplication'], ['sp', 'assignUserToGroup']),
    end: { ...onboarded, sp: 'PROVISIONED' },
  }),
];

/** What both orgs hold of the user, as an end of a transition says it. */
export function endOf(world: FederatedWorld, login: string): UserEnd {
  const { idp, assignment, sp, inAccessGroup, targetApp } = world.held(login);
  return {
    idp: idp?.status,
    assigned: assignment?.scope,
    sp: sp?.status,
    access: inAccessGroup && targetApp,
    department: sp?.profile.department,
  };
}
