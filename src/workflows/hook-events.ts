import {
  condition,
  continueAsNew,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { FederationActivities, HookedFederation } from '../activities/federation-activities.js';
import type { EventHint } from '../domain/event-hook.js';
import type { SweepRecord } from '../domain/sweep.js';
import { deactivationSweep } from './deactivation-sweep.js';
import { findUserLogin } from './find-user-login.js';
import { eventHintsSignal, federationAttribute, kindAttribute, stateAttribute, sweepWorkflowId } from './messages.js';

/** What acts on users after events uses up the fuse of one sweep in this time, in milliseconds. */
const fuseLastsMs = 24 * 60 * 60 * 1000;

/** How long events are gathered before their users are looked at: Okta's own push of the change goes first. */
const gatherFor = '5 seconds';

/** How long one round waits for its sweeps; one that stands at a gate does not keep other users from being looked at. */
const longestRound = '5 minutes';

/** How long the workflow stays after the last event, in milliseconds, so that one delivered again is known. */
const staysMs = 10 * 60 * 1000;

/** How many users one round looks at. */
const mostUsers = 1_000;

/** How much text waits: all of it must fit into one payload. What comes above is left to the scheduled sweep. */
const waitingCharacters = 500_000;

/** How many events are known again. */
const remembered = 2_000;

/** Events of one run, signals included, after which it hands on to the next. */
const mostHistory = 4_000;

/** Nothing that was handed over is given up because Temporal, or every worker, is away for a while. */
const hookActivities = proxyActivities<Pick<FederationActivities, 'federationsOfIdpOrg' | 'eventSweepSpec'>>({
  startToCloseTimeout: '1 minute',
  retry: { maximumInterval: '1 minute' },
});

/** Users on whom a sweep after events has acted, or may still act. */
interface ActedUsers {
  readonly sweepId: string;
  readonly federationId: string;
  readonly at: number;
  readonly users: number;
}

/** What the workflow is started with, or what it hands on when it continues as new. */
export interface HookEventsStart {
  readonly org: string;
  readonly carried: {
    readonly waiting: readonly string[];
    readonly seen: readonly string[];
    readonly acted: readonly ActedUsers[];
    readonly leftToSweep: number;
  } | null;
}

/** Of whom a look is due, in text: all events about the same user and app need one look. */
function subjectOf({ login, userId, appId }: EventHint): string {
  return JSON.stringify([login?.toLowerCase() ?? null, login === null ? userId : null, appId]);
}

type Subject = Pick<EventHint, 'login' | 'userId' | 'appId'>;

function readSubject(text: string): Subject {
  const [login, userId, appId]: (string | null)[] = JSON.parse(text);
  return { login: login ?? null, userId: userId ?? null, appId: appId ?? null };
}

/**
 * Gathers the events of one org's event hooks and has the users whom they name looked at, by one sweep per federation
 * and round, one round after the other: a storm of events makes few sweeps. An event says only that a look
 * is due: order, repetition and what stands in it beyond the user decide nothing.
 */
export async function hookEvents({ org, carried }: HookEventsStart): Promise<void> {
  const waiting = new Set(carried?.waiting);
  const seen = new Set(carried?.seen);
  let acted = carried?.acted ?? [];
  let leftToSweep = carried?.leftToSweep ?? 0;
  const begun = new Set<readonly string[]>();
  let characters = [...waiting].join('').length;

  const remember = (uuid: string) => {
    seen.add(uuid);
    const [oldest] = seen;
    if (seen.size > remembered && oldest !== undefined) seen.delete(oldest);
  };

  setHandler(eventHintsSignal, (hints) => {
    for (const hint of hints) {
      if (seen.has(hint.uuid)) continue;
      const subject = subjectOf(hint);
      if (!waiting.has(subject) && characters + subject.length > waitingCharacters) {
        leftToSweep += 1;
        continue;
      }
      if (!waiting.has(subject)) characters += subject.length;
      waiting.add(subject);
      remember(hint.uuid);
    }
  });

  const take = (): readonly string[] => {
    const taken = [...waiting].slice(0, mostUsers);
    for (const subject of taken) {
      waiting.delete(subject);
      characters -= subject.length;
    }
    return taken;
  };

  const tell = (doing: string) => {
    const left = leftToSweep === 0 ? '' : ` ${leftToSweep} event(s) came too fast and are left to the next full sweep.`;
    setCurrentDetails(`Event hooks of **${org}**: ${doing}. ${waiting.size} user(s) wait to be looked at.${left}`);
  };

  const historyIsLong = () => {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return continueAsNewSuggested || historyLength > mostHistory;
  };

  const count = (sweepId: string, federationId: string, users: number) => {
    const others = acted.filter((entry) => entry.sweepId !== sweepId);
    acted = users === 0 ? others : [...others, { sweepId, federationId, at: Date.now(), users }];
  };

  /** Starts the sweep of one federation. @returns its end; null where none of its users is concerned */
  const begin = async ({ id, org2orgAppId }: HookedFederation, subjects: readonly string[]) => {
    const concerned = subjects.map(readSubject).filter(({ appId }) => appId === null || appId === org2orgAppId);
    const logins = await loginsOf(id, concerned);
    if (logins.length === 0) return null;
    const before = acted.filter(({ federationId }) => federationId === id).reduce((sum, { users }) => sum + users, 0);
    const spec = await hookActivities.eventSweepSpec(id, logins, before);
    const sweepId = `event-${uuid4()}`;
    count(sweepId, id, spec.mode === 'enforce' ? logins.length : 0);
    const sweep = await startChild(deactivationSweep, {
      workflowId: sweepWorkflowId(id, sweepId),
      args: [
        { federationId: id, spec, trigger: 'event', actor: { name: `event hook of ${org}`, roles: [] }, carried: null },
      ],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: [
        { key: federationAttribute, value: id },
        { key: kindAttribute, value: 'sweep' },
        { key: stateAttribute, value: 'running' },
      ],
      staticSummary: `Sweep of ${logins.length} user(s) after events, federation ${id}`,
    });
    const end = sweep.result().then(
      (record) => count(sweepId, id, actedOn(record)),
      () => {},
    );
    return { end };
  };

  const round = async (subjects: readonly string[]) => {
    begun.add(subjects);
    const federations = await hookActivities.federationsOfIdpOrg(org);
    tell(`${subjects.length} user(s) are looked at in ${federations.length} federation(s)`);
    const sweeps = await Promise.all(
      federations.map((federation) =>
        begin(federation, subjects).catch((error: unknown) => {
          if (isCancellation(error)) throw error;
          leftToSweep += subjects.length;
          return null;
        }),
      ),
    );
    begun.delete(subjects);
    await Promise.all(sweeps.map((sweep) => sweep?.end));
  };

  for (;;) {
    acted = acted.filter(({ at }) => at + fuseLastsMs > Date.now());
    if (historyIsLong()) {
      const unfinished = [...[...begun].flat(), ...waiting];
      return continueAsNew<typeof hookEvents>({
        org,
        carried: { waiting: unfinished, seen: [...seen], acted, leftToSweep },
      });
    }
    tell('nothing to do');
    const [oldest] = acted;
    const stays = oldest === undefined ? staysMs : Math.max(staysMs, oldest.at + fuseLastsMs - Date.now());
    await condition(() => waiting.size > 0 || historyIsLong(), stays);
    if (waiting.size === 0) {
      if (acted.length === 0 && begun.size === 0 && !historyIsLong()) return;
      continue;
    }
    tell('events are gathered');
    await condition(() => waiting.size >= mostUsers, gatherFor);
    let ended = false;
    const looked = round(take()).finally(() => {
      ended = true;
    });
    await Promise.race([looked, condition(() => ended || historyIsLong(), longestRound)]);
  }
}

/** The logins of these users; who has an id only is looked up, and left to the scheduled sweep if nobody is found. */
async function loginsOf(federationId: string, subjects: readonly Subject[]): Promise<readonly string[]> {
  const named = subjects.map(async ({ login, userId }) => login ?? (await loginOf(federationId, userId ?? '')));
  const logins = (await Promise.all(named)).flatMap((login) => (login === null ? [] : [login]));
  return [...new Map(logins.map((login) => [login.toLowerCase(), login])).values()];
}

async function loginOf(federationId: string, userId: string): Promise<string | null> {
  const found = await executeChild(findUserLogin, {
    workflowId: `login/${federationId}/${uuid4()}`,
    args: [{ federationId, userId }],
    workflowExecutionTimeout: '1 minute',
    typedSearchAttributes: [
      { key: federationAttribute, value: federationId },
      { key: kindAttribute, value: 'login' },
    ],
    staticSummary: `Login of a user of federation ${federationId}`,
  }).catch(() => null);
  return found !== null && 'login' in found ? found.login : null;
}

function actedOn({ spec, actions: { done, failed, notDone } }: SweepRecord): number {
  return spec.mode === 'enforce' ? done + failed + notDone : 0;
}
