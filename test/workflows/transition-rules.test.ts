import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Transition,
  type TransitionCommand,
  type TransitionKind,
  type TransitionState,
  transitionKinds,
  type UserRecord,
} from '../../src/domain/user-lifecycle.js';
import { admit, isActive, refuse, superseded } from '../../src/workflows/transition-rules.js';
import { severe } from '../domain/sweep-input.js';

const at = '2027-01-31T17:00:00.000Z';

function transition(number: number, kind: TransitionKind, state: TransitionState, given: Partial<Transition> = {}) {
  const made: Transition = {
    number,
    kind,
    state,
    dryRun: false,
    at: state === 'planned' ? at : null,
    reason: null,
    ticket: null,
    profile: null,
    assignBy: null,
    fingerprint: `${kind} ${state === 'planned' ? at : 'now'}`,
    requestedBy: 'ops',
    requestedAt: '2026-11-24T00:00:00.000Z',
    startedAt: null,
    endedAt: null,
    note: null,
    steps: [],
    before: null,
    after: null,
    proof: null,
    ...given,
  };
  return made;
}

function record(...transitions: Transition[]): UserRecord {
  return {
    federationId: 'acme-to-partner',
    login: 'ada@acme.example',
    state: 'running',
    movedTo: null,
    transitions,
    accepted: transitions.map(({ number, fingerprint }) => ({ key: `key-${number}`, fingerprint, number })),
    updatedAt: '2026-11-24T00:00:00.000Z',
  };
}

function command(kind: TransitionKind, given: Partial<TransitionCommand> = {}): TransitionCommand {
  return {
    federationId: 'acme-to-partner',
    login: 'ada@acme.example',
    kind,
    profile: null,
    assignBy: null,
    dryRun: false,
    at: null,
    reason: null,
    ticket: null,
    actor: { name: 'ops', roles: ['operator'] },
    idempotencyKey: null,
    fingerprint: `${kind} ${given.at ?? 'now'}`,
    waitSeconds: 0,
    ...given,
  };
}

const sweepMandate: NonNullable<TransitionCommand['mandate']> = {
  sweepId: 'monthly',
  spUserId: '00uSomebody000000000',
  idpUserId: null,
  login: 'somebody@acme.example',
  byName: true,
  kind: 'unassigned',
  action: 'deactivate',
  rules: severe,
};

type Rule = 'joins' | 'queues' | 'supersedes' | 'refused';

/** The rule for every command while another transition of the user runs or waits for its turn. */
const whileActive: Record<TransitionKind, Record<TransitionKind, Rule>> = {
  onboard: {
    onboard: 'joins',
    update: 'queues',
    suspend: 'queues',
    resume: 'queues',
    offboard: 'supersedes',
    reactivate: 'queues',
  },
  update: {
    onboard: 'queues',
    update: 'joins',
    suspend: 'queues',
    resume: 'queues',
    offboard: 'supersedes',
    reactivate: 'queues',
  },
  suspend: {
    onboard: 'queues',
    update: 'queues',
    suspend: 'joins',
    resume: 'queues',
    offboard: 'supersedes',
    reactivate: 'queues',
  },
  resume: {
    onboard: 'queues',
    update: 'queues',
    suspend: 'queues',
    resume: 'joins',
    offboard: 'supersedes',
    reactivate: 'queues',
  },
  offboard: {
    onboard: 'queues',
    update: 'refused',
    suspend: 'refused',
    resume: 'refused',
    offboard: 'joins',
    reactivate: 'queues',
  },
  reactivate: {
    onboard: 'queues',
    update: 'queues',
    suspend: 'queues',
    resume: 'queues',
    offboard: 'supersedes',
    reactivate: 'joins',
  },
};

const pairs = transitionKinds.flatMap((running) =>
  transitionKinds.map((sent) => ({ running, sent, rule: whileActive[running][sent] })),
);

describe('a command while another transition is under way', () => {
  it.each(pairs)('$sent while $running runs: $rule', ({ running, sent, rule }) => {
    for (const state of ['queued', 'running', 'waiting', 'gate'] as const) {
      const known = record(transition(1, running, state));
      const refused = refuse(known, command(sent), true);
      if (rule === 'refused') {
        expect(refused).toEqual({ code: 'O2O_TRANSITION_CONTRADICTS', values: { kind: sent, other: 'offboard' } });
        continue;
      }
      expect(refused).toBeNull();
      expect(admit(known, command(sent), true)).toEqual({
        joins: rule === 'joins' ? 1 : null,
        supersedes: rule === 'supersedes' ? [1] : [],
        cancels: [],
      });
    }
  });

  it('is not held up by a transition that has ended', () => {
    for (const kind of transitionKinds) {
      for (const state of ['done', 'stopped', 'superseded', 'cancelled'] as const) {
        const known = { ...record(transition(1, kind, state)), accepted: [] };
        for (const sent of transitionKinds) {
          expect(refuse(known, command(sent), true)).toBeNull();
          expect(admit(known, command(sent), true)).toEqual({ joins: null, supersedes: [], cancels: [] });
        }
      }
    }
  });

  it('joins the same command only: with other attributes it waits for its turn', () => {
    const known = record(transition(1, 'update', 'running'));
    expect(admit(known, command('update', { fingerprint: 'update with other attributes' }), true).joins).toBeNull();
  });
});

describe('an offboarding that begins', () => {
  it('takes the place of everything under way, and of no planned transition and no other offboarding', () => {
    const known = record(
      transition(1, 'onboard', 'running'),
      transition(2, 'update', 'queued'),
      transition(3, 'offboard', 'queued', { fingerprint: 'another offboarding' }),
      transition(4, 'suspend', 'planned'),
    );
    expect(admit(known, command('offboard'), true).supersedes).toEqual([1, 2]);
    expect(superseded(known)).toEqual([1, 2]);
  });

  it('takes no place while it is only planned, or only looks', () => {
    const known = record(transition(1, 'onboard', 'running'));
    expect(admit(known, command('offboard', { at }), false).supersedes).toEqual([]);
    expect(admit(known, command('offboard', { dryRun: true, fingerprint: 'dry' }), true).supersedes).toEqual([]);
  });
});

describe('the last command counts', () => {
  it('an offboarding sent again after an onboarding was queued takes its place', () => {
    const known = { ...record(transition(1, 'offboard', 'running'), transition(2, 'onboard', 'queued')), accepted: [] };
    expect(admit(known, command('offboard'), true)).toEqual({ joins: null, supersedes: [2], cancels: [] });
  });

  it('an onboarding sent again after an offboarding does not join the one that ends because of it', () => {
    const known = { ...record(transition(1, 'onboard', 'running'), transition(2, 'offboard', 'queued')), accepted: [] };
    expect(admit(known, command('onboard'), true)).toEqual({ joins: null, supersedes: [], cancels: [] });
    const queued = { ...record(...known.transitions, transition(3, 'onboard', 'queued')), accepted: [] };
    expect(admit(queued, command('onboard'), true).joins).toBe(3);
  });

  it('nor one that a planned offboarding, whose time has come, ends', () => {
    const known = { ...record(transition(1, 'offboard', 'queued'), transition(2, 'onboard', 'gate')), accepted: [] };
    expect(admit(known, command('onboard'), true).joins).toBeNull();
  });

  it('a suspension sent again after a resumption was queued comes after it', () => {
    const known = { ...record(transition(1, 'suspend', 'running'), transition(2, 'resume', 'queued')), accepted: [] };
    expect(admit(known, command('suspend'), true).joins).toBeNull();
  });

  it('a look that was asked for meanwhile changes nothing about it', () => {
    const look = transition(2, 'resume', 'queued', { dryRun: true, fingerprint: 'dry' });
    const known = { ...record(transition(1, 'suspend', 'running'), look), accepted: [] };
    expect(admit(known, command('suspend'), true).joins).toBe(1);
  });
});

describe('a planned offboarding', () => {
  it.each(['onboard', 'reactivate'] as const)('is cancelled by %s that begins now', (kind) => {
    const known = record(transition(1, 'offboard', 'planned'), transition(2, 'suspend', 'planned'));
    expect(admit(known, command(kind), true).cancels).toEqual([1]);
  });

  it.each([
    ['another kind', command('suspend'), true],
    ['a dry run', command('onboard', { dryRun: true, fingerprint: 'dry' }), true],
    ['an onboarding that is planned itself', command('onboard', { at }), false],
  ])('stays with %s', (_what, sent, beginsNow) => {
    expect(admit(record(transition(1, 'offboard', 'planned')), sent, beginsNow).cancels).toEqual([]);
  });

  it('is joined by the same plan, and not by an offboarding now', () => {
    const known = { ...record(transition(1, 'offboard', 'planned')), accepted: [] };
    expect(admit(known, command('offboard', { at }), false).joins).toBe(1);
    expect(admit(known, command('offboard'), true).joins).toBeNull();
  });
});

describe('a dry run', () => {
  it('is not refused while an offboarding is under way', () => {
    const known = record(transition(1, 'offboard', 'running'));
    for (const kind of transitionKinds) {
      expect(refuse(known, command(kind, { dryRun: true, fingerprint: 'dry' }), true)).toBeNull();
    }
  });

  it('of an offboarding keeps no update out', () => {
    expect(refuse(record(transition(1, 'offboard', 'running', { dryRun: true })), command('update'), true)).toBeNull();
  });
});

describe('an Idempotency-Key', () => {
  it('leads to the transition that it has started, whatever became of it', () => {
    for (const state of ['queued', 'planned', 'running', 'done', 'stopped', 'cancelled', 'superseded'] as const) {
      const known = record(transition(1, 'offboard', state, { fingerprint: 'offboard now' }));
      const again = command('offboard', { idempotencyKey: 'key-1' });
      expect(refuse(known, again, true)).toBeNull();
      expect(admit(known, again, true)).toEqual({ joins: 1, supersedes: [], cancels: [] });
    }
  });

  it('is refused for another command', () => {
    const known = record(transition(1, 'offboard', 'done', { fingerprint: 'offboard now' }));
    expect(refuse(known, command('onboard', { idempotencyKey: 'key-1' }), true)?.code).toBe(
      'O2O_IDEMPOTENCY_KEY_REUSED',
    );
  });

  it('of a row that was under way when rows had no fingerprint of their own leads to its transition', () => {
    const known = record(transition(1, 'offboard', 'running', { fingerprint: 'key-1' }));
    const again = command('offboard', { idempotencyKey: 'key-1' });
    expect(refuse(known, again, true)).toBeNull();
    expect(admit(known, again, true).joins).toBe(1);
  });

  it('that is new starts the same command anew after its end', () => {
    const known = record(transition(1, 'offboard', 'done', { fingerprint: 'offboard now' }));
    expect(admit(known, command('offboard', { idempotencyKey: 'key-2' }), true).joins).toBeNull();
  });
});

describe('the queue of a user', () => {
  const waiting = (count: number) =>
    record(
      ...Array.from({ length: count }, (_, index) => transition(index + 1, 'update', index % 2 ? 'queued' : 'planned')),
    );
  const another = command('update', { fingerprint: 'the next one' });

  it('takes twenty, planned ones included', () => {
    expect(refuse(waiting(19), another, true)).toBeNull();
    expect(refuse(waiting(20), another, true)).toEqual({ code: 'O2O_USER_BUSY', values: { count: 20 } });
  });

  it('that is full still knows a command that it has taken', () => {
    const known = waiting(20);
    const [first] = known.accepted;
    expect(
      refuse(
        known,
        command('update', { idempotencyKey: first?.key ?? '', fingerprint: first?.fingerprint ?? '' }),
        true,
      ),
    ).toBeNull();
  });

  it('that is full of plans still takes an offboarding that begins now, one at a time', () => {
    const plans = Array.from({ length: 20 }, (_, index) => transition(index + 1, 'suspend', 'planned'));
    expect(refuse(record(...plans), command('offboard'), true)).toBeNull();
    const leaving = record(...plans, transition(21, 'offboard', 'running', { fingerprint: 'the first' }));
    expect(refuse(leaving, command('offboard'), true)?.code).toBe('O2O_USER_BUSY');
  });

  it.each([
    ['a look at it', command('offboard', { dryRun: true }), true],
    ['one that is planned', command('offboard', { at, fingerprint: 'another time' }), false],
    ['what a sweep asks for', command('offboard', { mandate: sweepMandate }), true],
  ])('that is full of plans takes no other offboarding: %s', (_what, sent, beginsNow) => {
    const plans = Array.from({ length: 20 }, (_, index) => transition(index + 1, 'suspend', 'planned'));
    expect(refuse(record(...plans), sent, beginsNow)?.code).toBe('O2O_USER_BUSY');
  });

  it.each(['offboard', 'onboard'] as const)('that is full still takes an %s that makes room or joins', (kind) => {
    const full = Array.from({ length: 20 }, (_, index) =>
      transition(index + 1, kind === 'offboard' ? 'update' : 'onboard', 'queued', { fingerprint: `${index}` }),
    );
    const sent = kind === 'offboard' ? command(kind) : command(kind, { fingerprint: '19' });
    expect(refuse({ ...record(...full), accepted: [] }, sent, true)).toBeNull();
  });
});

it('whatever is under way, a command does one thing: it is refused, joins, or starts and ends only what it must', () => {
  const state = fc.constantFrom<TransitionState>('queued', 'running', 'waiting', 'gate', 'planned', 'done', 'stopped');
  const kind = fc.constantFrom(...transitionKinds);
  const anyRecord = fc
    .array(fc.tuple(kind, state, fc.boolean()), { maxLength: 6 })
    .map((all) => record(...all.map(([of, is, dryRun], index) => transition(index + 1, of, is, { dryRun }))));
  fc.assert(
    fc.property(anyRecord, kind, fc.boolean(), fc.boolean(), (known, sent, dryRun, beginsNow) => {
      const asked = command(sent, { dryRun, at: beginsNow ? null : at });
      if (refuse(known, asked, beginsNow) !== null) return;
      const { joins, supersedes, cancels } = admit(known, asked, beginsNow);
      const of = (number: number) => known.transitions.find((each) => each.number === number);
      if (joins !== null) expect([...supersedes, ...cancels]).toEqual([]);
      if (dryRun || !beginsNow) expect([...supersedes, ...cancels]).toEqual([]);
      for (const number of supersedes) expect(sent === 'offboard' && isActive(of(number) ?? never())).toBe(true);
      for (const number of cancels) expect(of(number)).toMatchObject({ kind: 'offboard', state: 'planned' });
    }),
  );
});

function never(): never {
  throw new Error('it does not exist');
}
