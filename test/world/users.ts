import { randomUUID } from 'node:crypto';
import { transitionCommand } from '../../src/commands/transition-command.js';
import { Users } from '../../src/commands/users.js';
import type { Role } from '../../src/domain/gate.js';
import type {
  Transition,
  TransitionAccepted,
  TransitionCommand,
  TransitionKind,
  UserRecord,
} from '../../src/domain/user-lifecycle.js';
import { priorities } from '../../src/workflows/messages.js';
import { federationId, operator, patienceMs, patiently, type World } from './world.js';

/** What a test may say about a command besides kind and login. */
export type Said = Partial<Omit<TransitionCommand, 'kind' | 'login' | 'federationId' | 'fingerprint'>>;

const ended: readonly Transition['state'][] = ['done', 'stopped', 'superseded', 'cancelled', 'withdrawn'];

/** Commands to the users of a world's federation. */
export class WorldUsers {
  readonly users: Users;

  constructor(world: World) {
    this.users = new Users(world.client);
  }

  /** Sends a command; waits for nothing unless `waitSeconds` says so. */
  send(kind: TransitionKind, login: string, said: Said = {}): Promise<TransitionAccepted> {
    const command = transitionCommand({
      federationId,
      login,
      kind,
      profile: null,
      assignBy: null,
      dryRun: false,
      at: null,
      reason: null,
      ticket: null,
      actor: operator,
      idempotencyKey: randomUUID(),
      waitSeconds: 0,
      ...said,
    });
    return patiently(() => this.users.transition(command, priorities.interactive));
  }

  /** Sends a command and waits until its transition has ended, or stands at a gate or waits where that counts as settled. */
  async carryOut(
    kind: TransitionKind,
    login: string,
    said: Said = {},
    settles: (transition: Transition) => boolean = ({ state }) => state === 'gate',
  ): Promise<Transition> {
    const { transition } = await this.send(kind, login, said);
    return this.settled(login, transition.number, settles);
  }

  /** The transition once it has ended, or is as `settles` says. @throws Error with its state where that takes too long */
  async settled(
    login: string,
    number: number,
    settles: (transition: Transition) => boolean = ({ state }) => state === 'gate',
  ): Promise<Transition> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const { transitions } = await this.get(login);
      const found = transitions.find((transition) => transition.number === number);
      if (found !== undefined && (ended.includes(found.state) || settles(found))) return found;
      if (Date.now() > deadline) throw new Error(`transition ${number} goes on: ${JSON.stringify(found)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  get(login: string): Promise<UserRecord> {
    return patiently(() => this.users.get(federationId, login));
  }

  /** Answers the open gate of a transition. */
  async answer(
    login: string,
    { steps }: Transition,
    choice: string,
    roles: readonly Role[] = ['approver'],
  ): Promise<void> {
    const gate = steps.find((step) => step.gate?.state === 'open')?.gate;
    if (gate == null) throw new Error('no gate is open');
    const answer = { gate: gate.name, choice, why: 'it is so', actor: { name: 'test-approver', roles } };
    await patiently(() => this.users.answerGate(federationId, login, answer, randomUUID()));
  }
}

/** What went wrong in a transition; empty where nothing did. */
export function problemsOf({ state, steps, note }: Transition): string[] {
  const found = steps.flatMap(({ name, problem }) =>
    problem === null ? [] : [`${name}: ${problem.code} ${problem.message}`],
  );
  return state === 'done' ? found : [`it is ${state}${note === null ? '' : ` (${note})`}`, ...found];
}
