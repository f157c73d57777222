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
  FederationState,
  OperationAccepted,
  OperationInput,
  OperationKind,
  OperationReference,
  OperationStatus,
} from '../domain/federation.js';
import { currentDetails } from './current-details.js';
import { federationSetup } from './federation-setup.js';
import {
  applyUpdate,
  federationAttribute,
  federationStatusQuery,
  federationWorkflowId,
  kindAttribute,
  lookAgainSignal,
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

function commandText(kind: OperationKind, { spec, orgs }: ApplyFederation): string {
  return JSON.stringify([kind, spec, orgs]);
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

/** What earlier operations leave to the next one: values hold for the same orgs, choices for the same specification. */
function inherited({ orgs, spec, known, last }: FederationRecord, command: ApplyFederation) {
  const sameOrgs = orgs.idp.name === command.orgs.idp.name && orgs.sp.name === command.orgs.sp.name;
  if (!sameOrgs) return { known: {}, chosen: {}, answeredGates: [] };
  const sameSpec = JSON.stringify(spec) === JSON.stringify(command.spec);
  return { known, chosen: sameSpec ? (last?.chosen ?? {}) : {}, answeredGates: last?.answeredGates ?? [] };
}

/**
 * One federation for as long as it exists: keeps the specification, what is known of both orgs and the operations, and
 * lets one operation run at a time.
 */
export async function federation({ first, carried }: FederationStart): Promise<never> {
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

  const sameKey = (command: ApplyFederation) =>
    accepted.find((earlier) => command.idempotencyKey !== null && earlier.key === command.idempotencyKey);

  const refuse = (kind: OperationKind, command: ApplyFederation) => {
    const text = commandText(kind, command);
    const earlier = sameKey(command);
    if (earlier !== undefined && earlier.command !== text) throw refusal('O2O_IDEMPOTENCY_KEY_REUSED');
    if (earlier === undefined && running !== null && running.command !== text) {
      throw refusal('O2O_OPERATION_RUNNING', { kind: record.current?.kind ?? kind });
    }
  };

  const accept = async (kind: OperationKind, command: ApplyFederation): Promise<OperationAccepted> => {
    const earlier = sameKey(command);
    if (earlier !== undefined) return { operation: earlier.operation, started: false };
    const { current } = record;
    if (running !== null && current !== null) {
      if (await running.lookAgain()) return { operation: current, started: false };
      await condition(() => record.current?.number !== current.number);
      refuse(kind, command);
      return accept(kind, command);
    }
    const operation = await start(kind, command);
    if (command.idempotencyKey !== null) {
      const entry = { key: command.idempotencyKey, command: commandText(kind, command), operation };
      accepted = newest([...accepted, entry]);
    }
    return { operation, started: true };
  };

  const start = async (kind: OperationKind, command: ApplyFederation): Promise<OperationReference> => {
    const number = (record.operations.at(-1)?.number ?? 0) + 1;
    const operation: OperationReference = {
      number,
      kind,
      workflowId: `${federationWorkflowId(record.id)}/${kind}/${number}`,
      startedAt: new Date().toISOString(),
      startedBy: command.actor.name,
      endedAt: null,
      outcome: null,
    };
    const before = record;
    const { last } = before;
    const { known, chosen, answeredGates } = inherited(before, command);
    const decides = kind === 'setup' || record.state === 'new';
    running = { command: commandText(kind, command), lookAgain: async () => true };
    change({
      current: operation,
      operations: [...record.operations, operation].slice(-remembered),
      ...(decides ? { spec: command.spec, orgs: command.orgs, notices: command.notices } : {}),
      ...(kind === 'setup' ? { state: 'settingUp', known, last: last && { ...last, chosen, answeredGates } } : {}),
    });
    const input: OperationInput = {
      kind,
      federationId: record.id,
      spec: command.spec,
      orgs: command.orgs,
      known,
      chosen,
      answeredGates,
      startedBy: command.actor.name,
    };
    const child = await startChild(federationSetup, {
      workflowId: operation.workflowId,
      args: [input],
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
      (status) => finish(operation, status),
      () => finish(operation, null),
    );
    return operation;
  };

  const finish = (operation: OperationReference, status: OperationStatus | null) => {
    running = null;
    const ended: OperationReference = {
      ...operation,
      endedAt: new Date().toISOString(),
      outcome: status?.outcome ?? 'stopped',
    };
    const setup = operation.kind === 'setup';
    const state: FederationState = !setup ? record.state : ended.outcome === 'done' ? 'ready' : 'stopped';
    change({
      current: null,
      state,
      operations: record.operations.map((earlier) => (earlier.number === operation.number ? ended : earlier)),
      ...(status === null ? {} : setup ? { last: status, known: status.known } : { lastPlan: status }),
    });
  };

  setHandler(federationStatusQuery, () => record);
  setHandler(operationStateSignal, (state) => {
    if (running !== null && record.current?.kind === 'setup') change({ state });
  });
  setHandler(applyUpdate, (command) => accept('setup', command), { validator: (command) => refuse('setup', command) });
  setHandler(planUpdate, (command) => accept('plan', command), { validator: (command) => refuse('plan', command) });

  await condition(() => workflowInfo().continueAsNewSuggested && running === null && allHandlersFinished());
  return continueAsNew<typeof federation>({ first, carried: { record, accepted } });
}
