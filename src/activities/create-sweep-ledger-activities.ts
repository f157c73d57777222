import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { sweepRuns } from '../commands/sweeps.js';
import { type FindingCounts, findingKinds, type ListRead, type SweepFinding } from '../domain/sweep.js';
import { doubtsAbout } from '../domain/sweep-completeness.js';
import { blownFuses } from '../domain/sweep-fuse.js';
import { judgeMandate } from '../domain/sweep-mandate.js';
import { judge } from '../domain/sweep-rules.js';
import type { Ledger } from '../ledger/ledger.js';
import {
  dropFindings,
  forgetEndedSuspensions,
  keepFindings,
  keepOutcomes,
  pendingFindings,
} from '../ledger/sweep-findings.js';
import { everybodyJoined } from '../ledger/sweep-join.js';
import { ListDigest, nextOfList } from '../ledger/sweep-list.js';
import { countReads, dropReads, holdsReads } from '../ledger/sweep-reads.js';
import { baselineOf, closeSweep, enterSweep, keepSweep, openSweeps } from '../ledger/sweep-runs.js';
import type { JudgedSweep, SweepAgreement, SweepInput, SweepLedgerActivities } from './sweep-activities.js';
import { attemptOf } from './sweep-lists.js';

/** How many users are joined at a time. */
const windowSize = 2_000;

const dayMs = 24 * 60 * 60 * 1000;

/** What a worker does for sweeps in the ledger. */
export function createSweepLedgerActivities(client: Client, ledger: Ledger): SweepLedgerActivities {
  const now = () => new Date().toISOString();

  return {
    async openSweep(sweep) {
      const { federationId, id, spec } = sweep;
      await enterSweep(ledger, sweep, now());
      const baseline = await baselineOf(ledger, federationId);
      if (spec.scope !== 'everyone') return { running: null, baseline };
      for (const other of await openSweeps(ledger, federationId, id)) {
        if (await sweepRuns(client, federationId, other)) return { running: other, baseline };
        await closeSweep(ledger, federationId, other, now());
      }
      return { running: null, baseline };
    },

    async assessReads(input, lists, { baseline, limits, someUsers }) {
      await countReads(ledger);
      const held = await holdsReads(ledger, attemptOf(input), lists);
      return { held, doubts: someUsers ? [] : doubtsAbout(lists, baseline, limits) };
    },

    judgeSweep: (input, lists, agreed) => judgeSweep(ledger, input, lists, agreed),
    async nextOfList(of, { digest, pending }, limit) {
      const next = await nextOfList(ledger, of, limit);
      return { held: next.digest === digest && next.pending === pending, findings: next.findings };
    },
    nextActions: (of, limit) => pendingFindings(ledger, of, limit),
    recordOutcomes: (of, outcomes, { deactivateAfterDays }) =>
      keepOutcomes(ledger, of, outcomes, now(), new Date(Date.now() + deactivateAfterDays * dayMs).toISOString()),

    async saveSweep(record) {
      await keepSweep(ledger, record);
      if (record.endedAt !== null) await dropReads(ledger, record.federationId, record.id);
    },

    judgeMandate: async (mandate, federation, idp, sp) => judgeMandate(mandate, federation, idp, sp, Date.now()),
  };
}

async function judgeSweep(
  ledger: Ledger,
  input: SweepInput,
  lists: readonly ListRead[],
  agreed: SweepAgreement,
): Promise<JudgedSweep> {
  const { federation, rules } = input;
  const of = attemptOf(input);
  const counts = Object.fromEntries(findingKinds.map((kind) => [kind, 0])) as Record<keyof FindingCounts, number>;
  const digest = new ListDigest();
  const sources = new Set<string>();
  let population = 0;
  let listed = 0;
  let resumed = 0;
  await dropFindings(ledger, of);
  await forgetEndedSuspensions(ledger, of);
  for await (const users of everybodyJoined(ledger, of, federation.identityProvider.subjectMatch, windowSize)) {
    Context.current().heartbeat();
    const findings = users.map((user) => judge(user, rules, federation.users.exempt, Date.now()));
    const kept: SweepFinding[] = [];
    for (const finding of findings) {
      counts[finding.kind] += 1;
      if (finding.kind === 'entitled' && finding.action === 'none') continue;
      kept.push(finding);
      if (finding.action === 'none') continue;
      listed += 1;
      if (finding.action === 'resume') resumed += 1;
      digest.add(finding);
    }
    await keepFindings(ledger, of, kept, new Date().toISOString());
    population += users.length;
    for (const { sources: found } of users)
      for (const { idpUserId, assignment } of found) if (assignment !== null) sources.add(idpUserId);
  }
  const source = sources.size;
  const { limits, baseline, someUsers } = agreed;
  const federationEnds = rules.federationEnds !== undefined;
  const fuse = { listed: listed - resumed, population, source, findings: counts, baseline, someUsers, federationEnds };
  return {
    held: await holdsReads(ledger, of, lists),
    population,
    source,
    findings: counts,
    listed,
    listDigest: digest.value(),
    blown: blownFuses(fuse, limits),
  };
}
