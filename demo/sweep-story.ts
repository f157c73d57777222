import type { SweepAnswer } from '../src/api/schemas/sweep.js';
import { ApiProblem } from '../src/cli/api-request.js';
import { followSweep } from '../src/cli/follow.js';
import { renderFinding, renderSweep, renderSweepLine } from '../src/cli/render-sweep.js';
import { renderProof } from '../src/cli/render-user.js';
import type { SweepFindingAnswer } from '../src/cli/sweeps-client.js';
import type { OffboardingProof } from '../src/domain/offboarding-proof.js';
import { leaveBehind } from './left-behind.js';
import { leftBehind } from './people.js';
import { federationId, type Storyteller } from './storyteller.js';

/** A sweep as it ended, with what it says about everybody who is on its list. */
export interface SweepTold {
  readonly sweep: SweepAnswer;
  readonly listed: readonly SweepFindingAnswer[];
}

/** What became of the sweeps of the story. */
export interface SweepsTold {
  /** Only looks. */
  readonly report: SweepTold;
  /** Ends the one who was left behind. */
  readonly small: SweepTold;
  /** Why the fuse of the last one has blown, and the error that its starter got for approving it. */
  readonly blown: readonly string[];
  readonly ownApproval: string | null;
  /** Ends three at a time, after another person's approval. */
  readonly approved: SweepTold;
  /** Of all who were left behind. */
  readonly proofs: readonly OffboardingProof[];
  readonly seconds: number;
}

const path = `/v1/federations/${federationId}/sweeps`;

/** Up to two users, and up to a fifth of them all, may be acted on without an approval. */
const limits = { fuse: { users: 2, share: 0.2 } };

/** Tells three sweeps by REST: one that looks, one that ends a single user, and one that needs another person. */
export async function tellSweeps(storyteller: Storyteller): Promise<SweepsTold> {
  const begun = performance.now();
  const { sweeps, approver, sandbox, say, headline, paint } = storyteller;
  const { one, others } = leftBehind;

  headline(`By hand: ${one.login} leaves the group while the SP org is away; Okta's push is lost`);
  await leaveBehind(sandbox, [one]);
  headline(`POST ${path} {"mode":"report"}: who is in the SP org without a right to be there?`);
  const report = await tell(storyteller, (await sweeps.start({ mode: 'report' })).sweep.id);

  headline('POST …/sweeps {"mode":"enforce"}: one user is few enough to act on');
  const small = await tell(storyteller, (await sweeps.start({ mode: 'enforce', limits, ticket: 'SEC-7' })).sweep.id);
  const proof = await storyteller.users.proof(one.login);
  say(renderProof(proof, paint));

  headline(`By hand: ${others.length} more are left behind; the same sweep again`);
  await leaveBehind(sandbox, others);
  const { sweep: started } = await sweeps.start({ mode: 'enforce', limits, ticket: 'SEC-8' });
  const waiting = await followSweep(sweeps, started.id, () => undefined);
  say(renderSweep(waiting, paint));
  for (const finding of await sweeps.findings(started.id, { listed: 'true' })) say(renderFinding(finding, paint));

  headline('POST …/approve, bound to exactly this list');
  const decision = { listDigest: waiting.listDigest ?? '', why: 'Read the list: all three have left' };
  const ownApproval = await refusalOf(() => sweeps.decide(started.id, 'approve', decision));
  say(paint('waiting', `  ${started.startedBy}, who has started it, is refused: ${ownApproval ?? 'not at all'}`));
  await approver.decide(started.id, 'approve', decision);
  say(paint('waiting', `  approver@demo approves: ${decision.why}`));
  const approved = await tell(storyteller, started.id);
  const proofs = [proof];
  for (const { login } of others) {
    const next = await storyteller.users.proof(login);
    proofs.push(next);
    say(renderProof(next, paint));
  }
  const seconds = (performance.now() - begun) / 1000;
  return { report, small, blown: waiting.reasons, ownApproval, approved, proofs, seconds };
}

/** Tells a sweep once it rests, and who is on its list. */
async function tell({ sweeps, say, paint }: Storyteller, id: string): Promise<SweepTold> {
  const sweep = await followSweep(sweeps, id, () => undefined);
  const listed = await sweeps.findings(id, { listed: 'true' });
  for (const finding of listed) say(renderFinding(finding, paint));
  say(renderSweepLine(sweep, paint));
  return { sweep, listed };
}

/** The code with which the API turns something down; null if it does not. */
async function refusalOf(ask: () => Promise<unknown>): Promise<string | null> {
  try {
    await ask();
    return null;
  } catch (error) {
    if (error instanceof ApiProblem) return error.document.code;
    throw error;
  }
}
