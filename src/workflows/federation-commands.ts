import type {
  AgreedInput,
  AgreedKind,
  ApplyFederation,
  FederationRecord,
  OperateFederation,
  OperationInput,
  OperationKind,
  OperationOutcome,
  OperationStatus,
  SpecifiedKind,
} from '../domain/federation.js';
import { agreedOperations, stateAfter } from './agreed-operations.js';
import { federationSetup } from './federation-setup.js';

/** A command to begin an operation, as the entity `federation` handles every kind of it. */
export interface Command {
  readonly kind: OperationKind;
  /** What tells it from another command. */
  readonly text: string;
  readonly idempotencyKey: string | null;
  readonly startedBy: string;
  /** Name of the workflow that carries it out. */
  readonly workflow: string;
  readonly input: (record: FederationRecord) => OperationInput & Partial<AgreedInput>;
  /** How the record changes as it begins. */
  readonly begins: (record: FederationRecord) => Partial<FederationRecord>;
  /** How the record changes once it has ended; `status` is null if its workflow was ended from outside. */
  readonly ends: (
    before: FederationRecord,
    outcome: OperationOutcome,
    status: OperationStatus | null,
  ) => Partial<FederationRecord>;
}

/** Setup or plan of a specification. */
export function specifiedCommand(kind: SpecifiedKind, command: ApplyFederation): Command {
  const { federationId, spec, orgs, notices, actor, idempotencyKey } = command;
  return {
    kind,
    text: JSON.stringify([kind, spec, orgs]),
    idempotencyKey,
    startedBy: actor.name,
    workflow: federationSetup.name,
    input: (record) => ({ kind, federationId, spec, orgs, ...inherited(record, command), startedBy: actor.name }),
    begins: (record) => {
      const { known, chosen, answeredGates } = inherited(record, command);
      const { last, state } = record;
      return {
        ...(kind === 'setup' || state === 'new' ? { spec, orgs, notices } : {}),
        ...(kind === 'setup' ? { state: 'settingUp', known, last: last && { ...last, chosen, answeredGates } } : {}),
      };
    },
    ends: (before, outcome, status) => ({
      ...(kind === 'setup' ? { state: outcome === 'done' ? 'ready' : 'stopped' } : {}),
      ...madeBy(sameOrgs(before, command) ? before.made : [], status),
      ...(status === null ? {} : kind === 'setup' ? { last: status, known: status.known } : { lastPlan: status }),
    }),
  };
}

/** Any other operation, on the federation as it was agreed. */
export function agreedCommand({ kind, options, actor, idempotencyKey }: OperateFederation): Command {
  const { workflow, during } = agreedOperations[kind];
  return {
    kind,
    text: JSON.stringify([kind, options]),
    idempotencyKey,
    startedBy: actor.name,
    workflow,
    input: ({ id, state, spec, orgs, known, last, made }) => ({
      kind,
      federationId: id,
      spec,
      orgs,
      known,
      chosen: last?.chosen ?? {},
      answeredGates: last?.answeredGates ?? [],
      startedBy: actor.name,
      options,
      made: made ?? [],
      state,
    }),
    begins: () => (during === undefined ? {} : { state: during }),
    ends: (before, outcome, status) => ({
      state: stateAfter(kind, outcome, before.state, status?.changedNothing === true),
      ...madeBy(before.made, status),
      ...(status?.spec === undefined ? {} : { spec: status.spec }),
      ...liveAfter(before, kind, status),
      ...(status === null ? {} : { known: status.known, ended: { ...before.ended, [kind]: status } }),
    }),
  };
}

/** What was created for the federation up to the end of an operation. */
function madeBy(made: FederationRecord['made'], status: OperationStatus | null): Partial<FederationRecord> {
  const all = [...new Set([...(made ?? []), ...(status?.made ?? [])])];
  return made === undefined && all.length === 0 ? {} : { made: all };
}

/** A verification that has passed makes a federation live; a teardown that has begun ends that. */
function liveAfter(
  { live }: FederationRecord,
  kind: AgreedKind,
  status: OperationStatus | null,
): Partial<FederationRecord> {
  if (kind === 'teardown') return status?.changedNothing === true ? {} : { live: null };
  const verdict = status?.steps
    .find(({ name }) => name === 'checklist')
    ?.checks.find(({ name }) => name === 'verified');
  if (kind !== 'verification' || status === null || verdict?.result !== 'passed' || live != null) return {};
  const verification = Number(status.workflowId.split('/').at(-1));
  return { live: { since: status.endedAt ?? status.startedAt, verification, by: status.startedBy, why: null } };
}

function sameOrgs({ orgs }: FederationRecord, command: ApplyFederation): boolean {
  return orgs.idp.name === command.orgs.idp.name && orgs.sp.name === command.orgs.sp.name;
}

/** What earlier operations leave to the next one: values hold for the same orgs, choices for the same specification. */
function inherited(record: FederationRecord, command: ApplyFederation) {
  const { spec, known, last } = record;
  if (!sameOrgs(record, command)) return { known: {}, chosen: {}, answeredGates: [] };
  const sameSpec = JSON.stringify(spec) === JSON.stringify(command.spec);
  return { known, chosen: sameSpec ? (last?.chosen ?? {}) : {}, answeredGates: last?.answeredGates ?? [] };
}
