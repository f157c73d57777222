import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { FederationRecords } from '../commands/federation-records.js';
import { beginScheduled } from '../commands/operation-schedules.js';
import { PairOwners } from '../commands/pair-owners.js';
import { SweepSchedules } from '../commands/sweep-schedules.js';
import { WorkflowRefusal } from '../commands/temporal-errors.js';
import { transitionCommand } from '../commands/transition-command.js';
import { userKey } from '../commands/user-key.js';
import { priorities, Users } from '../commands/users.js';
import { type AdoptablePair, adoptablePairs } from '../domain/adoption.js';
import { canaryOf } from '../domain/canary.js';
import { afterMend, driftOf } from '../domain/drift.js';
import { Org2OrgError, type Problem } from '../domain/errors.js';
import { eventSweepSpec } from '../domain/event-hook.js';
import { exportedSpec } from '../domain/exported-spec.js';
import { preflight } from '../domain/preflight.js';
import { diagnose } from '../domain/user-diagnosis.js';
import type { Transition, TransitionCommand } from '../domain/user-lifecycle.js';
import { concludeVerification } from '../domain/verification.js';
import type { FederationActivities, RanTransition } from './federation-activities.js';
import { untilCancelled } from './until-cancelled.js';

/** A transition waits for its end in slices of this many seconds: between them the activity shows that it lives. */
const sliceSeconds = 10;

/** States that a person, or time, must change: nobody waits for them here. */
const standing: readonly Transition['state'][] = [
  'planned',
  'gate',
  'done',
  'stopped',
  'superseded',
  'withdrawn',
  'cancelled',
];

function ran({ number, kind, state, note, steps }: Transition): RanTransition {
  const problem = steps.find((step) => step.problem !== null)?.problem ?? null;
  return {
    transition: { number, kind, state, note },
    changed: steps.some((step) => step.applied.length > 0),
    problem: problem === null ? null : { code: problem.code, message: problem.message, fix: problem.fix },
  };
}

function refused({ kind }: TransitionCommand, { code, message, fix }: Problem): RanTransition {
  return {
    transition: { number: 0, kind, state: 'stopped', note: message },
    changed: false,
    problem: { code, message, fix },
  };
}

/** Whether the work is for a user of a batch or of a sweep, as its priority tells. */
function oneOfMany(): boolean {
  return (Context.current().info.priority?.priorityKey ?? 0) >= priorities.batch;
}

/** The activities on the queue of the workflows: they ask and command other workflows, and no org. */
export function createFederationActivities(client: Client): FederationActivities {
  const records = new FederationRecords(client);
  const owners = new PairOwners(client);
  const users = new Users(client);
  const sweepSchedules = new SweepSchedules(client);
  return {
    async readFederation(federationId, kind, says = {}) {
      const ask = () =>
        oneOfMany() ? records.forUsers(federationId, kind) : records.freshForUsers(federationId, kind);
      return { ...(await untilCancelled(ask)), ...says };
    },

    async runTransition(command) {
      const priority = command.mandate === undefined ? priorities.batch : priorities.sweep;
      const deadline = Date.now() + command.waitSeconds * 1000;
      // A row of a batch joins what asks for the same, whoever has asked; an action of a sweep is of that sweep alone.
      const asked = command.mandate === undefined ? transitionCommand({ ...command, ofBatch: true }) : command;
      for (;;) {
        Context.current().heartbeat();
        const left = Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
        try {
          const waitSeconds = Math.min(sliceSeconds, left);
          const { transition } = await untilCancelled(() => users.transition({ ...asked, waitSeconds }, priority));
          if (standing.includes(transition.state) || left <= sliceSeconds) return ran(transition);
        } catch (error) {
          const { problem } =
            error instanceof Org2OrgError || error instanceof WorkflowRefusal ? error : { problem: null };
          if (problem === null || error instanceof Org2OrgError) throw error;
          if (problem.retryable) throw new Org2OrgError(problem.code, { count: 'too many' });
          return refused(command, problem);
        }
      }
    },

    concludeDiagnosis: async (input, idp, sp) => diagnose(input, idp, sp, new Date().toISOString()),
    concludePreflight: (input, idp, sp) =>
      untilCancelled(async () => {
        const id = idp.facts?.app.seen?.id ?? undefined;
        const owner = id === undefined ? null : await owners.ownerOf(null, input.orgs, { org2orgAppId: id });
        return preflight(input, idp, sp, owner, new Date().toISOString());
      }),
    concludeAdoption: (input, idp, sp) =>
      untilCancelled(async () => {
        const found = adoptablePairs(input, idp, sp, new Date().toISOString());
        const pairs: AdoptablePair[] = [];
        for (const pair of found.pairs) {
          const objects = { org2orgAppId: pair.org2orgApp.id, identityProviderId: pair.identityProvider.id };
          pairs.push({ ...pair, owner: await owners.ownerOf(null, input.orgs, objects) });
        }
        return { ...found, pairs };
      }),
    concludeExport: async (input, idp, sp) => exportedSpec(input, idp, sp),
    ownerOf: (federationId, orgs, objects) => untilCancelled(() => owners.ownerOf(federationId, orgs, objects)),
    planCanary: async ({ spec, federationId, number, domain }) => canaryOf(spec, federationId, number, domain),
    concludeVerification: async (facts, steps) => concludeVerification(facts, steps),
    judgeDrift: async (assessments, causes, options, agreed) => driftOf(assessments, causes, options, agreed),
    judgeMend: async (facts) => afterMend(facts),
    beginScheduled: (order) => untilCancelled(() => beginScheduled(client, order)),
    userKeyOf: async (federationId, login) => userKey(federationId, login),
    federationsOfIdpOrg: (org) => untilCancelled(() => records.ofIdpOrg(org)),
    eventSweepSpec: (federationId, logins, acted) =>
      untilCancelled(async () => eventSweepSpec(await sweepSchedules.specInForce(federationId), logins, acted)),
  };
}
