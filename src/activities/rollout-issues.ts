import type { Evidence } from '../domain/evidence.js';
import { type MemberState, mostNamed, type RolloutInput, type RolloutIssue } from '../domain/group-rollout.js';
import { explainPush } from '../domain/okta-reasons.js';
import type { OktaSession } from '../okta/session.js';
import { latestLogEvents } from '../okta/system-log.js';
import type { Unexplained } from './rollout-activities.js';

/** How far the org's clock may be ahead of ours, in milliseconds. */
const clockSkewMs = 5 * 60 * 1000;

/** The newest word of the System Log on each user's push: the reason of a failure, or null where it went well. */
async function lastWords(
  session: OktaSession,
  appId: string,
  since: string,
): Promise<ReadonlyMap<string, string | null>> {
  const events = await latestLogEvents(
    session,
    {
      since: new Date(since),
      until: new Date(Date.now() + clockSkewMs),
      filter: `eventType sw "application.provision.user" and target.id eq "${appId}"`,
    },
    1_000,
  );
  const words = new Map<string, string | null>();
  for (const { target, outcome } of events) {
    const id = target?.find(({ type }) => type === 'User')?.id;
    if (id == null || words.has(id)) continue;
    words.set(id, outcome?.result === 'FAILURE' ? (outcome.reason ?? 'Okta names no reason') : null);
  }
  return words;
}

/** Why members have not arrived. Who is queued counts only if a push failed, or once it has taken too long. */
export async function explainRollout(
  session: OktaSession,
  { federation }: RolloutInput,
  { look, since, overdueMinutes }: Unexplained,
): Promise<{ issues: RolloutIssue[]; evidence: readonly Evidence[] }> {
  const words = await lastWords(session, federation.org2orgAppId, since);
  const issue = (id: string, state: MemberState, reason: string): RolloutIssue => ({
    id,
    state,
    reason,
    fix: explainPush(reason).fix,
  });
  const late = `no word for ${overdueMinutes} minutes`;
  const issues = [
    ...look.failed.ids.map((id) => issue(id, 'failed', words.get(id) ?? 'The assignment reads syncState ERROR')),
    ...look.notProvisioned.ids.map((id) =>
      issue(id, 'notProvisioned', 'User was assigned to this application before Provisioning was enabled'),
    ),
    ...look.queued.ids.flatMap((id) => {
      const reason = words.get(id) ?? (overdueMinutes === null ? null : late);
      return reason === null ? [] : [issue(id, 'queued', reason)];
    }),
    ...(overdueMinutes === null
      ? []
      : look.unassigned.ids.map((id) => issue(id, 'unassigned', `${late}: the Org2Org app is not assigned`))),
  ];
  return { issues: issues.slice(0, mostNamed), evidence: session.evidence };
}
