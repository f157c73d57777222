import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  ApplyFederation,
  FederationRecord,
  GoLive,
  Live,
  OperateFederation,
  OperationAccepted,
  OperationInput,
  OperationReference,
  OperationStatus,
  SpecifiedKind,
} from '../domain/federation.js';
import { agreedOperations } from './agreed-operations.js';
import { currentDetails } from './current-details.js';
import { agreedCommand, type Command, specifiedCommand } from './federation-commands.js';
import {
  applyUpdate,
  federationAttribute,
  federationStatusQuery,
  federationWorkflowId,
  goLiveUpdate,
  kindAttribute,
  lookAgainSignal,
  operateUpdate,
  operationStateSignal,
  planUpdate,
  stateAttribute,
} from './messages.js';
import { refusal } from './problems.js';

/** How many past operations and idempotency keys a federation remembers. */
const remembered = 100;

/** How much text the remembered commands may have: all of it must fit into one payload when the entity continues as new. */
const rememberedCharacters = 500_000;

/** A command that was accepted, so that the same `Idempotency-Key` does nothing twice. */
interface AcceptedCommand {
  readonly key: string;
  readonly command: string;
  readonly operation: OperationReference;
}

/** What the entity is started with, or what it hands on when it continues as new. */
export interface FederationStart {
  readonly first: Pick<ApplyFederation, 'federationId' | 'spec' | 'orgs' | 'notices'>;
  readonly carried: { readonly record: FederationRecord; readonly accepted: readonly AcceptedCommand[] } | null;
}

function newRecord({ federationId, spec, orgs, notices }: FederationStart['first']): FederationRecord {
  return {
    id: federationId,
    state: 'new',
    spec,
    orgs,
    notices,
    known: {},
    current: null,
    last: null,
    lastPlan: null,
    operations: [],
    updatedAt: new Date().toISOString(),
  };
}

/** The newest commands, as many as may be remembered. */
function newest(commands: readonly AcceptedCommand[]): readonly AcceptedCommand[] {
  let characters = 0;
  return commands
    .slice(-remembered)
    .reverse()
    .filter(({ command }) => {
      characters += command.length;
      return characters <= rememberedCharacters;
    })
    .reverse();
}

/**
 * One federation for as long as it exists: keeps the specification, what is known of both orgs and the operations, and
 * lets one operation run at a time.
 *
 * @returns what is known of it once it was torn down.
 */
export async function federation({ first, carried }: FederationStart): Promise<FederationRecord> {
  let record = carried?.record ?? newRecord(first);
  let accepted = carried?.accepted ?? [];
  let running: { readonly command: string; readonly lookAgain: () => Promise<boolean> } | null = null;

  const change = (changes: Partial<FederationRecord>) => {
    const { state } = record;
    record = { ...record, ...changes, updatedAt: new Date().toISOString() };
    if (record.state !== state) upsertSearchAttributes([{ key: stateAttribute, value: record.state }]);
    const shown = record.last ?? record.lastPlan;
    setCurrentDetails(
      [
        `Federation **${record.id}** is **${record.state}**.`,
        ...(shown === null ? [] : ['', currentDetails(shown)]),
      ].join('\n'),
    );
  };

  const sameKey = ({ idempotencyKey }: Command) =>
    accepted.find((earlier) => idempotencyKey !== null && earlier.key === idempotencyKey);

  const refuse = (command: Command) => {
    const earlier = sameKey(command);
    if (earlier !== undefined && earlier.command !== command.text) throw refusal('O2O_IDEMPOTENCY_KEY_REUSED');
    if (earlier === undefined && running !== null && running.command !== command.text) {
      throw refusal('O2O_OPERATION_RUNNING', { kind: record.current?.kind ?? command.kind });
    }
  };

  const accept = async (command: Command): Promise<OperationAccepted> => {
    const earlier = sameKey(command);
    if (earlier !== undefined) return { operation: earlier.operation, started: false };
    const { current } = record;
    if (running !== null && current !== null) {
      if (await running.lookAgain()) return { operation: current, started: false };
      await condition(() => record.current?.number !== current.number);
      refuse(command);
      return accept(command);
    }
    const operation = await start(command);
    if (command.idempotencyKey !== null) {
      const entry = { key: command.idempotencyKey, command: command.text, operation };
      accepted = newest([...accepted, entry]);
    }
    return { operation, started: true };
  };

  const start = async (command: Command): Promise<OperationReference> => {
    const { kind } = command;
    const number = (record.operations.at(-1)?.number ?? 0) + 1;
    const operation: OperationReference = {
      number,
      kind,
      workflowId: `${federationWorkflowId(record.id)}/${kind}/${number}`,
      startedAt: new Date().toISOString(),
      startedBy: command.startedBy,
      endedAt: null,
      outcome: null,
    };
    const before = record;
    running = { command: command.text, lookAgain: async () => true };
    change({
      current: operation,
      operations: [...record.operations, operation].slice(-remembered),
      ...command.begins(before),
    });
    const child = await startChild<(input: OperationInput) => Promise<OperationStatus>>(command.workflow, {
      workflowId: operation.workflowId,
      args: [command.input(before)],
      typedSearchAttributes: [
        { key: federationAttribute, value: record.id },
        { key: kindAttribute, value: kind },
        { key: stateAttribute, value: 'settingUp' },
      ],
      staticSummary: `${kind} of federation ${record.id}`,
    }).catch(() => {
      running = null;
      change(before);
      throw refusal('O2O_OPERATION_RUNNING', { kind });
    });
    const lookAgain = () =>
      child.signal(lookAgainSignal).then(
        () => true,
        () => false,
      );
    running = { ...running, lookAgain };
    void child.result().then(
      (status) => finish(command, before, operation, status),
      () => finish(command, before, operation, null),
    );
    return operation;
  };

  const finish = (
    command: Command,
    before: FederationRecord,
    operation: OperationReference,
    status: OperationStatus | null,
  ) => {
    running = null;
    const outcome = status?.outcome ?? 'stopped';
    const ended: OperationReference = { ...operation, endedAt: new Date().toISOString(), outcome };
    change({
      current: null,
      operations: record.operations.map((earlier) => (earlier.number === operation.number ? ended : earlier)),
      ...command.ends(before, outcome, status),
    });
  };

  const refuseSpecified = (kind: SpecifiedKind, command: ApplyFederation) => {
    if (kind === 'setup' && record.state === 'paused')
      throw refusal('O2O_FEDERATION_PAUSED', { federation: record.id });
    refuse(specifiedCommand(kind, command));
  };

  const refuseAgreed = (operate: OperateFederation) => {
    const command = agreedCommand(operate);
    refuse(command);
    const { id, state } = record;
    const joins = running !== null || sameKey(command) !== undefined;
    if (joins || agreedOperations[operate.kind].from.includes(state)) return;
    throw refusal('O2O_OPERATION_STATE', { federation: id, state, kind: operate.kind });
  };

  const refuseGoLive = (_order: GoLive) => {
    const { id, state } = record;
    if (state !== 'ready') throw refusal('O2O_FEDERATION_NOT_READY', { federation: id, state });
  };

  const goLive = ({ why, actor }: GoLive): Live => {
    const live = record.live ?? { since: new Date().toISOString(), verification: null, by: actor.name, why };
    change({ live });
    return live;
  };

  setHandler(federationStatusQuery, () => record);
  setHandler(operationStateSignal, (state) => {
    if (running !== null && record.current?.kind === 'setup') change({ state });
  });
  setHandler(applyUpdate, (command) => accept(specifiedCommand('setup', command)), {
    validator: (command) => refuseSpecified('setup', command),
  });
  setHandler(planUpdate, (command) => accept(specifiedCommand('plan', command)), {
    validator: (command) => refuseSpecified('plan', command),
  });
  setHandler(goLiveUpdate, goLive, { validator: refuseGoLive });
  setHandler(operateUpdate, (command) => accept(agreedCommand(command)), { validator: refuseAgreed });

  const rests = () => running === null && allHandlersFinished();
  await condition(() => (workflowInfo().continueAsNewSuggested || record.state === 'ended') && rests());
  if (record.state === 'ended') return record;
  return continueAsNew<typeof federation>({ first, carried: { record, accepted } });
}
