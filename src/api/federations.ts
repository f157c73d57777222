import { createHash, randomUUID } from 'node:crypto';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import { failedPrecondition, grpcCode, temporalError } from '../commands/temporal-errors.js';
import { certificateExpiry } from '../domain/certificate-expiry.js';
import { Org2OrgError } from '../domain/errors.js';
import type {
  AgreedKind,
  ApplyFederation,
  FederationRecord,
  GoLive,
  Live,
  OperateFederation,
  OperationAccepted,
  OperationReference,
  OperationStatus,
  SpecifiedKind,
} from '../domain/federation.js';
import type { AnswerGate, Gate } from '../domain/gate.js';
import type { GivenRotationOrder } from '../domain/rotation.js';
import { readCertificate } from '../okta/certificate.js';
import type { federation } from '../workflows/federation.js';
import {
  answerGateUpdate,
  applyUpdate,
  federationAttribute,
  federationStatusQuery,
  federationWorkflowId,
  goLiveUpdate,
  kindAttribute,
  operateUpdate,
  operationStatusQuery,
  planUpdate,
  rotationOrderUpdate,
  stateAttribute,
  workflowTaskQueue,
} from '../workflows/messages.js';
import { readPageToken, writePageToken } from './page-token.js';
import type { FederationAnswer, FederationList } from './schemas/federation.js';

/** How long the API waits for Temporal before it answers 503. */
const deadlineMs = 3_000;

/** Which federations a list shows. */
export interface FederationListOptions {
  readonly limit: number;
  readonly pageToken?: string | undefined;
  readonly state?: FederationAnswer['state'] | undefined;
}

/** Starts, commands and asks the workflows of federations: the one place in the API that knows their ids. */
export class Federations {
  constructor(
    private readonly client: Client,
    private readonly temporalUiUrl: string | null,
  ) {}

  /**
   * Starts a setup or a plan, or joins the one that runs for the same command. Makes the federation if it is new.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_OPERATION_RUNNING`, `O2O_IDEMPOTENCY_KEY_REUSED`,
   * `O2O_TEMPORAL_UNAVAILABLE`
   */
  start(kind: SpecifiedKind, command: ApplyFederation): Promise<OperationAccepted> {
    const { federationId, spec, orgs, notices, idempotencyKey } = command;
    return this.withDeadline(() =>
      this.client.workflow.executeUpdateWithStart(kind === 'setup' ? applyUpdate : planUpdate, {
        args: [command],
        updateId: updateId(idempotencyKey, [kind, federationId, spec, orgs]),
        startWorkflowOperation: new WithStartWorkflowOperation<typeof federation>('federation', {
          workflowId: federationWorkflowId(federationId),
          taskQueue: workflowTaskQueue,
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [{ first: { federationId, spec, orgs, notices }, carried: null }],
          typedSearchAttributes: [
            { key: federationAttribute, value: federationId },
            { key: kindAttribute, value: 'federation' },
            { key: stateAttribute, value: 'new' },
          ],
          staticSummary: `Federation ${federationId}`,
        }),
      }),
    );
  }

  /** @throws Org2OrgError `O2O_FEDERATION_NOT_FOUND`, `O2O_TEMPORAL_UNAVAILABLE` */
  get(id: string): Promise<FederationAnswer> {
    return this.withDeadline(async () => {
      const record = await this.record(id);
      const operation = shownOperation(record);
      return this.answer(record, operation, await this.status(record, operation));
    });
  }

  /**
   * Starts an operation on the federation as it was agreed, or joins the one that runs for the same command.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_FEDERATION_NOT_FOUND`, `O2O_OPERATION_STATE`, `O2O_OPERATION_RUNNING`,
   * `O2O_IDEMPOTENCY_KEY_REUSED`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  operate(id: string, command: OperateFederation): Promise<OperationAccepted> {
    const { kind, options, idempotencyKey } = command;
    return this.withDeadline(() =>
      this.client.workflow
        .getHandle(federationWorkflowId(id))
        .executeUpdate(operateUpdate, { args: [command], updateId: updateId(idempotencyKey, [kind, id, options]) })
        .catch(async (error) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
          const { state } = await this.record(id);
          throw new Org2OrgError('O2O_OPERATION_STATE', { federation: id, state, kind });
        }),
    );
  }

  /**
   * Tells the roll-over that runs to go on or to take everything back.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_FEDERATION_NOT_FOUND`, `O2O_ROTATION_STATE`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  orderRotation(id: string, order: GivenRotationOrder): Promise<OperationStatus> {
    return this.withDeadline(async () => {
      const { current } = await this.record(id);
      const ended = new Org2OrgError('O2O_ROTATION_STATE', { state: 'does not run', order: order.order });
      if (current?.kind !== 'rotation') throw ended;
      return this.client.workflow
        .getHandle(current.workflowId)
        .executeUpdate(rotationOrderUpdate, { args: [order] })
        .catch((error) => {
          throw error instanceof WorkflowNotFoundError ? ended : error;
        });
    });
  }

  /**
   * Says that a federation is live by a person's word; one that is live already stays as it is.
   *
   * @throws Org2OrgError | WorkflowRefusal `O2O_FEDERATION_NOT_FOUND`, `O2O_FEDERATION_NOT_READY`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  goLive(id: string, order: GoLive, idempotencyKey: string | null): Promise<Live> {
    return this.withDeadline(() =>
      this.client.workflow
        .getHandle(federationWorkflowId(id))
        .executeUpdate(goLiveUpdate, { args: [order], updateId: updateId(idempotencyKey, ['live', id, order.why]) })
        .catch((error) => {
          throw error instanceof WorkflowNotFoundError
            ? new Org2OrgError('O2O_FEDERATION_NOT_FOUND', { federation: id })
            : error;
        }),
    );
  }

  /**
   * The operation of this kind that is running, or else the last one; null if there was none.
   *
   * @throws Org2OrgError `O2O_FEDERATION_NOT_FOUND`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  lastOf(id: string, kind: AgreedKind): Promise<OperationStatus | null> {
    return this.withDeadline(async () => {
      const record = await this.record(id);
      const operation = record.operations.findLast((found) => found.kind === kind) ?? null;
      return this.status(record, operation);
    });
  }

  /** What the federation was asked to be, and what is known of it. @throws Org2OrgError `O2O_FEDERATION_NOT_FOUND` */
  spec(id: string): Promise<Pick<FederationRecord, 'spec' | 'orgs' | 'notices' | 'known' | 'state'>> {
    return this.withDeadline(() => this.record(id));
  }

  /**
   * Answers a gate of the running operation.
   *
   * @throws Org2OrgError | WorkflowRefusal an `O2O_GATE_…` error, `O2O_FEDERATION_NOT_FOUND`
   */
  answerGate(id: string, answer: AnswerGate, idempotencyKey: string | null): Promise<Gate> {
    return this.withDeadline(async () => {
      const { current } = await this.record(id);
      if (current !== null) {
        try {
          return await this.client.workflow.getHandle(current.workflowId).executeUpdate(answerGateUpdate, {
            args: [answer],
            updateId: updateId(idempotencyKey, ['gate', id, answer.gate, answer.choice, answer.why]),
          });
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }
      throw refusalOfEnded((await this.record(id)).last, answer.gate);
    });
  }

  /** One page of all federations, from Temporal's visibility store: a new one may be missing for a moment. */
  async list({ limit, pageToken, state }: FederationListOptions): Promise<FederationList> {
    const query = [
      `${kindAttribute.name} = 'federation'`,
      `ExecutionStatus = 'Running'`,
      ...(state === undefined ? [] : [`${stateAttribute.name} = '${state}'`]),
    ].join(' AND ');
    const position = readPageToken(query, pageToken);
    return this.withDeadline(async () => {
      const page = await this.client.workflowService.listWorkflowExecutions({
        namespace: this.client.options.namespace,
        query,
        pageSize: limit,
        nextPageToken: position,
      });
      const federations = page.executions.map(({ execution, searchAttributes }) => {
        const id = (execution?.workflowId ?? '').slice(federationWorkflowId('').length);
        const payload = searchAttributes?.indexedFields?.[stateAttribute.name];
        const found: FederationAnswer['state'] = payload ? defaultPayloadConverter.fromPayload(payload) : 'new';
        return { id, state: found, links: { self: federationPath(id) } };
      });
      return { federations, nextPageToken: writePageToken(query, page.nextPageToken) };
    });
  }

  /** Whether Temporal answers. @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE` */
  async ready(): Promise<void> {
    await this.withDeadline(() => this.client.workflowService.getSystemInfo({}));
  }

  private async record(id: string): Promise<FederationRecord> {
    try {
      return await this.client.workflow.getHandle(federationWorkflowId(id)).query(federationStatusQuery);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError)
        throw new Org2OrgError('O2O_FEDERATION_NOT_FOUND', { federation: id });
      throw error;
    }
  }

  /**
   * Kept by the federation where the operation has ended in an orderly way, else asked of the operation itself. Null
   * where it has nothing to tell: it is gone, or was ended from outside before it began.
   */
  private async status(
    record: FederationRecord,
    operation: OperationReference | null,
  ): Promise<OperationStatus | null> {
    if (operation === null) return null;
    const { workflowId } = operation;
    const kept = [record.last, record.lastPlan, ...Object.values(record.ended ?? {})].find(
      (status) => status?.workflowId === workflowId,
    );
    if (kept != null) return kept;
    try {
      return await this.client.workflow.getHandle(workflowId).query(operationStatusQuery);
    } catch (error) {
      const neverBegan = operation.outcome !== null && grpcCode(error) === failedPrecondition;
      if (neverBegan || error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  }

  private answer(
    record: FederationRecord,
    operation: OperationReference | null,
    status: OperationStatus | null,
  ): FederationAnswer {
    const { current, last: _last, ended: _ended, ...rest } = record;
    const steps = status?.steps ?? [];
    const open = current === null ? [] : steps.flatMap(({ gate }) => (gate?.state === 'open' ? [gate] : []));
    const workflowId = operation?.workflowId ?? federationWorkflowId(record.id);
    return {
      ...rest,
      operation,
      steps,
      gates: open,
      certificate: expiryOf(rest.known.certificate),
      links: { self: federationPath(record.id), temporal: this.temporalUrl(workflowId) },
    };
  }

  private temporalUrl(workflowId: string): string | null {
    if (this.temporalUiUrl === null) return null;
    const namespace = encodeURIComponent(this.client.options.namespace);
    return `${this.temporalUiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
  }

  private async withDeadline<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await this.client.withDeadline(Date.now() + deadlineMs, ask);
    } catch (error) {
      throw temporalError(error);
    }
  }
}

/** The operation that is running, or else the last setup, or else the last plan. */
function shownOperation({ current, operations }: FederationRecord): OperationReference | null {
  const setup = operations.findLast((operation) => operation.kind === 'setup');
  return current ?? setup ?? operations.at(-1) ?? null;
}

function expiryOf(certificate: string | undefined): FederationAnswer['certificate'] {
  return certificate === undefined ? null : certificateExpiry(readCertificate(certificate).expiresAt, Date.now());
}

/** Address of a federation in the API. */
export function federationPath(id: string): string {
  return `/v1/federations/${id}`;
}

/** The same key with the same command makes the same update, which Temporal carries out once. */
function updateId(idempotencyKey: string | null, command: unknown): string {
  if (idempotencyKey === null) return randomUUID();
  return createHash('sha256')
    .update(JSON.stringify([idempotencyKey, command]))
    .digest('hex');
}

/** Why a gate of an operation that has ended cannot be answered any more. */
function refusalOfEnded(last: OperationStatus | null, name: string): Org2OrgError {
  const gate = last?.steps.find((step) => step.gate?.name === name)?.gate;
  if (gate == null) return new Org2OrgError('O2O_GATE_NOT_FOUND', { gate: name });
  if (gate.answer === null) return new Org2OrgError('O2O_GATE_EXPIRED', { gate: name });
  return new Org2OrgError('O2O_GATE_ALREADY_ANSWERED', { gate: name, by: gate.answer.by });
}
