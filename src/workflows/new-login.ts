import { TemporalFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, isCancellation, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { Transition, UserRecord } from '../domain/user-lifecycle.js';
import { federationActivities } from './federation-activities.js';
import {
  federationAttribute,
  kindAttribute,
  stateAttribute,
  takeOverSignal,
  transitionAttribute,
  userWorkflowId,
} from './messages.js';
import type { TransitionRun } from './transition-run.js';
import { kindOf } from './user-attributes.js';
import type { userLifecycle } from './user-lifecycle.js';
import { asPlanned } from './user-record.js';

/** The workflow of a user under another login, which goes on with what is known and planned under the present one. */
export class NewLogin {
  constructor(
    readonly login: string,
    private readonly workflowId: string,
  ) {}

  /** The login that the transition gives; null if it leaves the user the present one. */
  static async givenBy({ current, plansOnly }: TransitionRun, record: UserRecord): Promise<NewLogin | null> {
    const login = current.kind === 'update' && !plansOnly ? current.profile?.login : undefined;
    if (typeof login !== 'string' || login.toLowerCase() === record.login.toLowerCase()) return null;
    const { federationId } = record;
    return new NewLogin(login, userWorkflowId(federationId, await federationActivities.userKeyOf(federationId, login)));
  }

  /** Starts the workflow with what is known. @returns false where it runs already */
  async begin(record: UserRecord, transitions: readonly Transition[]): Promise<boolean> {
    const { federationId } = record;
    const { login, workflowId } = this;
    const kind = kindOf({ transitions });
    try {
      await startChild<typeof userLifecycle>('userLifecycle', {
        workflowId,
        args: [{ federationId, login, record: { ...record, login, transitions } }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        memo: { login },
        typedSearchAttributes: [
          { key: federationAttribute, value: federationId },
          { key: kindAttribute, value: 'user' },
          { key: stateAttribute, value: 'planned' },
          ...(kind === undefined ? [] : [{ key: transitionAttribute, value: kind }]),
        ],
        staticSummary: `User of federation ${federationId}`,
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  /** Hands transitions over to the workflow, which may close or begin at any moment. */
  async handOver(record: () => UserRecord, waiting: readonly Transition[]): Promise<void> {
    const handed = new Map(waiting.map((transition) => [transition.number, asPlanned(transition)]));
    const known = () => record().transitions.map((transition) => handed.get(transition.number) ?? transition);
    do {
      try {
        return await getExternalWorkflowHandle(this.workflowId).signal(takeOverSignal, waiting);
      } catch (error) {
        if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
      }
    } while (!(await this.begin(record(), known())));
  }
}
