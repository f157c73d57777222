import { apiAccess, type Options } from './arguments.js';
import { followRollout } from './follow.js';
import { renderRollout, renderRolloutLine } from './render-rollout.js';
import { RolloutsClient } from './rollouts-client.js';
import { paint, say } from './terminal.js';

function client(federation: string): RolloutsClient {
  return new RolloutsClient(apiAccess(), federation);
}

/** Okta's id of a group, or else its name. */
function asked(group: string): string | { readonly id: string } {
  return /^00g[A-Za-z0-9]{5,60}$/.test(group) ? { id: group } : group;
}

/** Starts the rollout of a group, or joins the one that runs. */
export async function startRollout(options: Options, federation: string, group: string): Promise<void> {
  const { reason, ticket, watch, 'dry-run': dryRun } = options;
  const said = { ...(reason === undefined ? {} : { reason }), ...(ticket === undefined ? {} : { ticket }) };
  const { rollout } = await client(federation).start({ group: asked(group), dryRun, ...said });
  if (!watch) return say(renderRolloutLine(rollout, paint));
  return watchRollout(federation, rollout.groupId);
}

export async function listRollouts(_: Options, federation: string): Promise<void> {
  const { rollouts } = await client(federation).list();
  say(rollouts.map(({ groupId, state }) => `${groupId}: ${state}`).join('\n') || 'No group was rolled out.');
}

export async function rolloutStatus({ watch }: Options, federation: string, groupId: string): Promise<void> {
  if (watch) return watchRollout(federation, groupId);
  say(renderRollout(await client(federation).get(groupId), paint));
}

export async function cancelRollout(_: Options, federation: string, groupId: string): Promise<void> {
  say(renderRolloutLine(await client(federation).cancel(groupId), paint));
}

/** Until it has ended or waits for a person; the exit code is 1 unless it is done and everyone has arrived. */
async function watchRollout(federation: string, groupId: string): Promise<void> {
  const seen = await followRollout(client(federation), groupId, () => undefined);
  say(renderRollout(seen, paint));
  if (seen.state !== 'done' || seen.explained.count > 0 || seen.leaversStillThere.count > 0) process.exitCode = 1;
}
