import {
  condition,
  continueAsNew,
  isCancellation,
  log,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { LedgerActivities } from '../activities/ledger-activities.js';
import type { AuditEntry } from '../domain/audit.js';
import { auditEntriesSignal, auditEntriesWorkflowId, kindAttribute, stateAttribute } from './messages.js';

/** How many entries are entered together; one at a time after a portion was refused. */
const portion = 100;

/** How much text waits in one workflow: all of it must fit into one payload. What comes above waits in another one. */
const waitingCharacters = 500_000;

/** Events of one run, signals included, after which it hands on to the next. */
const mostHistory = 4_000;

/** However long the ledger is away. */
const { enterAudit } = proxyActivities<Pick<LedgerActivities, 'enterAudit'>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * Holds entries that the ledger could not take when they happened, until it does. Entered again they are entered once, so
 * a portion whose end is not known is handed on with the rest.
 */
export async function auditEntries({ waiting }: { readonly waiting: readonly AuditEntry[] }): Promise<void> {
  let left = [...waiting];
  let characters = textOf(left);
  let size = portion;
  setHandler(auditEntriesSignal, (entries) => {
    left.push(...entries);
    characters += textOf(entries);
  });
  const historyIsLong = () => {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return continueAsNewSuggested || historyLength > mostHistory;
  };
  while (left.length > 0) {
    setCurrentDetails(`${left.length} row(s) of the audit wait for the ledger.`);
    const taken = left.slice(0, size);
    let outcome: 'entered' | 'refused' | null = null;
    enterAudit(taken).then(
      () => {
        outcome = 'entered';
      },
      (error) => {
        if (!isCancellation(error)) outcome = 'refused';
      },
    );
    await condition(() => outcome !== null || characters > waitingCharacters || historyIsLong());
    if (outcome !== null) {
      if (outcome === 'refused' && size > 1) {
        size = 1;
        continue;
      }
      if (outcome === 'refused') log.error('The ledger takes a row of the audit under no circumstances', rowOf(taken));
      left = left.slice(taken.length);
      characters = textOf(left);
    } else if (characters > waitingCharacters) {
      const tooMuch = left;
      left = [];
      characters = 0;
      await waitElsewhere(tooMuch);
    } else {
      await continueAsNew<typeof auditEntries>({ waiting: left });
    }
  }
}

function textOf(entries: readonly AuditEntry[]): number {
  return entries.reduce((sum, entry) => sum + JSON.stringify(entry).length, 0);
}

function rowOf([entry]: readonly AuditEntry[]) {
  return { entryId: entry?.entryId, action: entry?.action };
}

async function waitElsewhere(waiting: readonly AuditEntry[]): Promise<void> {
  await startChild(auditEntries, {
    workflowId: `${auditEntriesWorkflowId}/${uuid4()}`,
    args: [{ waiting }],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    typedSearchAttributes: [
      { key: kindAttribute, value: 'audit' },
      { key: stateAttribute, value: 'waiting' },
    ],
    staticSummary: 'Rows of the audit that wait for the ledger',
  });
}
