import { createHash, randomUUID } from 'node:crypto';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import { Org2OrgError } from '../domain/errors.js';
import type { AnswerGate, Gate } from '../domain/gate.js';
import type {
  ReplanTransition,
  Transition,
  TransitionAccepted,
  TransitionCommand,
  UserRecord,
  UserState,
} from '../domain/user-lifecycle.js';
import type { findUserLogin } from '../workflows/find-user-login.js';
import {
  answerGateUpdate,
  federationAttribute,
  kindAttribute,
  type Priority,
  priorities,
  replanUpdate,
  stateAttribute,
  transitionAttribute,
  transitionUpdate,
  userStatusQuery,
  userWorkflowId,
  workflowTaskQueue,
} from '../workflows/messages.js';
import type { userLifecycle } from '../workflows/user-lifecycle.js';
import { firstRecord } from '../workflows/user-record.js';
import { temporalError, WorkflowRefusal } from './temporal-errors.js';
import { userKey } from './user-key.js';

/** Whose work goes first: activities, which know no workflows, have it from here. */
export { priorities };

/** How long Temporal may take to answer, besides the time that a caller wants to wait. */
const deadlineMs = 3_000;

/** How long a look for a login may take, in seconds. */
const lookUpWithinSeconds = 15;

/** Commands and asks the workflows of users: the one place that knows how they are started. */
export class Users {
  constructor(private readonly client: Client) {}

  /**
   * Starts, plans or joins a transition, and waits up to `command.waitSeconds` for its end. A workflow that closed
   * hands its memory on: a command that it has seen is not carried out again. The first command of all, for whose end
   * nobody waits, needs no answer of a worker.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_IDEMPOTENCY_KEY_REUSED`, `O2O_TRANSITION_CONTRADICTS`,
   * `O2O_USER_BUSY`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  transition(command: TransitionCommand, priority: Priority): Promise<TransitionAccepted> {
    return this.withDeadline(command.waitSeconds, async () => {
      try {
        if (command.waitSeconds === 0) return await this.begin(command, priority);
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      try {
        return await this.send(command, priority, null);
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const closed = await this.record(command.federationId, command.login);
      return this.send(command, priority, closed);
    });
  }

  /** Everything that is known of a user. @throws Org2OrgError `O2O_USER_UNKNOWN_HERE` */
  get(federationId: string, login: string): Promise<UserRecord> {
    return this.withDeadline(0, async () => {
      const record = await this.record(federationId, login);
      if (record === null) throw new Org2OrgError('O2O_USER_UNKNOWN_HERE', { federation: federationId });
      return record;
    });
  }

  /** Moves or cancels a planned transition. @throws Org2OrgError | WorkflowRefusal `O2O_TRANSITION_NOT_PLANNED` */
  replan(federationId: string, login: string, change: ReplanTransition): Promise<Transition> {
    return this.withDeadline(0, () =>
      this.handle(federationId, login)
        .executeUpdate(replanUpdate, { args: [change] })
        .catch((error) => {
          throw error instanceof WorkflowNotFoundError
            ? new Org2OrgError('O2O_TRANSITION_NOT_PLANNED', { number: change.number })
            : error;
        }),
    );
  }

  /** Answers a gate of the running transition. @throws Org2OrgError | WorkflowRefusal an `O2O_GATE_…` error */
  answerGate(federationId: string, login: string, answer: AnswerGate, idempotencyKey: string | null): Promise<Gate> {
    return this.withDeadline(0, () =>
      this.handle(federationId, login)
        .executeUpdate(answerGateUpdate, {
          args: [answer],
          updateId: updateId(idempotencyKey, [answer.gate, answer.choice, answer.why]),
        })
        .catch((error) => {
          throw error instanceof WorkflowNotFoundError
            ? new Org2OrgError('O2O_GATE_NOT_FOUND', { gate: answer.gate })
            : error;
        }),
    );
  }

  /**
   * The login of a user whom the caller knows by id.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_IDP_USER_MISSING`, `O2O_FEDERATION_NOT_READY`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  loginOf(federationId: string, userId: string): Promise<string> {
    return this.withDeadline(lookUpWithinSeconds, async () => {
      const found = await this.client.workflow.execute<typeof findUserLogin>('findUserLogin', {
        workflowId: `login/${federationId}/${randomUUID()}`,
        taskQueue: workflowTaskQueue,
        args: [{ federationId, userId }],
        typedSearchAttributes: [
          { key: federationAttribute, value: federationId },
          { key: kindAttribute, value: 'login' },
        ],
        staticSummary: `Login of a user of federation ${federationId}`,
        priority: { priorityKey: priorities.interactive },
      });
      if ('login' in found) return found.login;
      throw new WorkflowRefusal(found.problem);
    });
  }

  /**
   * Starts the workflow of a user who has none with the command, and answers as that workflow will show it.
   *
   * @throws WorkflowExecutionAlreadyStartedError if there is one, running or closed
   */
  private async begin(command: TransitionCommand, priority: Priority): Promise<TransitionAccepted> {
    const { federationId, login } = command;
    const first = { command, sentAt: new Date().toISOString() };
    const { state, transitions } = firstRecord(first);
    const [transition] = transitions;
    if (transition === undefined) throw new Error('the first command has made no transition');
    await this.client.workflow.start<typeof userLifecycle>('userLifecycle', {
      ...userStartOptions(command, priority, state),
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [{ federationId, login, record: null, first }],
    });
    return { transition, started: true };
  }

  private send(
    command: TransitionCommand,
    priority: Priority,
    earlier: UserRecord | null,
  ): Promise<TransitionAccepted> {
    const { federationId, login } = command;
    return this.client.workflow.executeUpdateWithStart(transitionUpdate, {
      args: [command],
      // A run answers an id that it knows as it did before, however long ago: the key tells what is the same, not the id.
      updateId: randomUUID(),
      startWorkflowOperation: new WithStartWorkflowOperation<typeof userLifecycle>('userLifecycle', {
        ...userStartOptions(command, priority, 'running'),
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: earlier === null ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
        args: [{ federationId, login, record: earlier }],
      }),
    });
  }

  private async record(federationId: string, login: string): Promise<UserRecord | null> {
    try {
      return await this.handle(federationId, login).query(userStatusQuery);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  private handle(federationId: string, login: string) {
    return this.client.workflow.getHandle(userWorkflowId(federationId, userKey(federationId, login)));
  }

  private async withDeadline<Result>(waitSeconds: number, ask: () => Promise<Result>): Promise<Result> {
    try {
      return await this.client.withDeadline(Date.now() + waitSeconds * 1000 + deadlineMs, ask);
    } catch (error) {
      throw temporalError(error);
    }
  }
}

/** How every user's workflow is started; `state` is the one that it will show. */
export function userStartOptions(
  { federationId, login, kind }: TransitionCommand,
  priority: Priority,
  state: UserState,
) {
  return {
    workflowId: userWorkflowId(federationId, userKey(federationId, login)),
    taskQueue: workflowTaskQueue,
    typedSearchAttributes: [
      { key: federationAttribute, value: federationId },
      { key: kindAttribute, value: 'user' },
      { key: stateAttribute, value: state },
      { key: transitionAttribute, value: kind },
    ],
    memo: { login },
    staticSummary: `User of federation ${federationId}`,
    priority: { priorityKey: priority },
  };
}

/** The same key with the same command makes the same update, which Temporal carries out once in a run. */
function updateId(idempotencyKey: string | null, command: unknown): string {
  if (idempotencyKey === null) return randomUUID();
  return createHash('sha256')
    .update(JSON.stringify([idempotencyKey, command]))
    .digest('hex');
}
