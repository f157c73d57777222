import type { Check } from '../../domain/check.js';
import { problem } from '../../domain/errors.js';
import type { IdpProof, SeenGone } from '../../domain/offboarding-proof.js';
import type { TransitionRun } from '../transition-run.js';
import { freshForMs } from './looks.js';

/**
 * Makes the proof. What was read after the last write, and not long ago, is proven by that read; the rest is read now.
 *
 * @param unassigned what the IdP org's read after the last write proves; null if something was written after it.
 * @param seen the read that ended the wait for the deactivation.
 * @throws Stopped if a statement does not hold.
 */
export async function prove(run: TransitionRun, unassigned: Check | null, seen: SeenGone | null): Promise<void> {
  await run.step('proof', async () => {
    const { number, requestedBy, reason, ticket } = run.current;
    const { sp } = run.federation.orgs;
    const head = { transition: number, requestedBy, reason, ticket };
    const spUserId = run.sp.user?.id ?? null;
    const proven = await run.attempt('proof', sp.name, async () => {
      const idp = await idpProof(run, unassigned);
      return run.callOrg(sp.name, 'proveOffboarded', 'Prove: the SP org', run.input, head, spUserId, idp, seen);
    });
    const failed = proven.proof.statements.find((statement) => statement.result !== 'passed');
    run.take('proof', {
      decided:
        failed === undefined
          ? 'Every statement is carried by a read after the last write.'
          : `${failed.statement}: no.`,
      changes: [],
      applied: [],
      checks: proven.proof.statements,
      blocker:
        failed === undefined
          ? null
          : problem('O2O_NOT_ARRIVED', {
              org: sp.name,
              detail: `${failed.statement}: ${failed.detail}`,
            }),
      evidence: [],
    });
    run.keepAfter({ assignment: null, sp: proven.user });
    run.change({ proof: proven.proof });
  });
}

/** Whether the user is offboarded because the federation ends: then the assignments go together, with its app. */
export function federationEnds(run: TransitionRun): boolean {
  return run.current.mandate?.rules.federationEnds !== undefined;
}

async function idpProof(run: TransitionRun, unassigned: Check | null): Promise<IdpProof> {
  const idpUserId = run.idp.user?.id ?? null;
  if (federationEnds(run)) return { idpUserId, statements: [], evidence: [] };
  const readAt = unassigned?.evidence.at(-1)?.at ?? null;
  return unassigned !== null && readAt !== null && Date.now() - Date.parse(readAt) <= freshForMs
    ? { idpUserId, statements: [unassigned], evidence: unassigned.evidence }
    : run.call('proof', 'idp', 'readIdpProof', 'Prove: the IdP org', idpUserId);
}
