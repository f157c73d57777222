import { setTimeout } from 'node:timers/promises';
import { FaultRequest } from '../sandbox/control/faults.js';
import { EventHooks } from '../src/commands/event-hooks.js';
import { Sweeps } from '../src/commands/sweeps.js';
import { userKey } from '../src/commands/user-key.js';
import type { deactivationSweep } from '../src/workflows/deactivation-sweep.js';
import { hookEventsWorkflowId, sweepWorkflowId, userWorkflowId } from '../src/workflows/messages.js';
import { WorldSweeps, wideOpen } from '../test/world/sweeps.js';
import { SweptPeople } from '../test/world/swept-people.js';
import { federationId, type World, withoutPeople } from '../test/world/world.js';

/**
 * Sweeps that end otherwise than by acting on an approved list: rejected, incomplete, paused on the way, with a promise to
 * deactivate later, and after an event. @returns the workflows by the names of their files
 */
export async function sweepEndingsOf(world: World): Promise<Readonly<Record<string, string>>> {
  await world.setUp(withoutPeople());
  const login = await (await SweptPeople.of(world)).someone('leaver', 'unassigned');
  const sweeps = new WorldSweeps(world);
  const { faults } = world.sandbox;

  const rejected = await sweeps.carryOut({ mode: 'enforce' });
  await sweeps.decide(rejected.id, 'reject', rejected.listDigest);
  await sweeps.settled(rejected.id);

  faults.add(FaultRequest.parse({ org: 'idp', operation: 'listApplicationUsers', kind: 'truncatedJson', count: null }));
  const incomplete = await sweeps.carryOut({ mode: 'report' });
  faults.remove();

  faults.add(FaultRequest.parse({ org: 'idp', operation: 'listApplicationUsers', kind: 'slow', delayMs: 2_000 }));
  const paused = await sweeps.start({ mode: 'report' });
  await sweeps.order(paused.id, 'pause');
  await sweeps.settled(paused.id, ({ waitingFor }) => waitingFor?.startsWith('somebody to resume') === true);
  await sweeps.order(paused.id, 'resume');
  await sweeps.settled(paused.id);

  await new EventHooks(world.client).handOver('acme', [{ uuid: 'event', login, userId: null, appId: null }]);
  const event = await endedAfterEvent(world);

  const rules = { unassigned: 'suspendThenDeactivate' };
  const promised = await sweeps.carryOut({ mode: 'enforce', rules, limits: { fuse: wideOpen } });

  const sweep = ({ id }: { readonly id: string }) => sweepWorkflowId(federationId, id);
  return {
    rejected: sweep(rejected),
    incomplete: sweep(incomplete),
    paused: sweep(paused),
    'after-event': sweep(event),
    'hook-events': hookEventsWorkflowId('acme'),
    promised: sweep(promised),
    'promised-user': userWorkflowId(federationId, userKey(federationId, login)),
  };
}

/** Sweeps whose list stands in the ledger as it was approved, and whose list has lost somebody before its approval. */
export async function heldListsOf(world: World): Promise<Readonly<Record<string, string>>> {
  await world.setUp(withoutPeople());
  const people = await SweptPeople.of(world);
  await people.someone('leaver', 'unassigned');
  await people.someone('another', 'unassigned');
  const sweeps = new WorldSweeps(world);

  const changed = await sweeps.carryOut({ mode: 'enforce' });
  await world.ledger.ask((database) => database.deleteFrom('findings').where('login', 'like', 'leaver@%').execute());
  await sweeps.decide(changed.id, 'approve', changed.listDigest);
  const anew = await sweeps.settled(changed.id, ({ attempt, state }) => attempt === 2 && state === 'gate');
  await sweeps.decide(changed.id, 'reject', anew.listDigest);
  await sweeps.settled(changed.id);

  const held = await sweeps.carryOut({ mode: 'enforce' });
  await sweeps.decide(held.id, 'approve', held.listDigest);
  const { state } = await sweeps.settled(held.id);
  if (state !== 'done') throw new Error(`the sweep ended as ${state}`);
  return { changed: sweepWorkflowId(federationId, changed.id), held: sweepWorkflowId(federationId, held.id) };
}

/** Sweeps that read the lists of the SP org at the same time: one without any trouble, and one that must wait for a list. */
export async function listsTogetherOf(world: World): Promise<Readonly<Record<string, string>>> {
  await world.setUp(withoutPeople());
  await (await SweptPeople.of(world)).someone('leaver', 'unassigned');
  const sweeps = new WorldSweeps(world);
  const report = await sweeps.carryOut({ mode: 'report' });

  const { faults } = world.sandbox;
  faults.add(FaultRequest.parse({ org: 'sp', operation: 'listGroupUsers', kind: 'status', status: 503, count: null }));
  const waited = await sweeps.start({ mode: 'report' });
  await sweeps.settled(waited.id, ({ state }) => state === 'waiting');
  faults.remove();
  const { state } = await sweeps.settled(waited.id);
  if (state !== 'done') throw new Error(`the sweep ended as ${state}`);
  return { report: sweepWorkflowId(federationId, report.id), waited: sweepWorkflowId(federationId, waited.id) };
}

/** A sweep that is cancelled while it waits for a list. */
export async function cancelledOf(world: World): Promise<Readonly<Record<string, string>>> {
  await world.setUp(withoutPeople());
  const { faults } = world.sandbox;
  faults.add(
    FaultRequest.parse({ org: 'idp', operation: 'listApplicationUsers', kind: 'status', status: 503, count: null }),
  );
  const sweeps = new WorldSweeps(world);
  const { id } = await sweeps.start({ mode: 'report' });
  await sweeps.settled(id, ({ state }) => state === 'waiting');
  await sweeps.order(id, 'cancel');
  const workflowId = sweepWorkflowId(federationId, id);
  const { state } = await world.client.workflow.getHandle<typeof deactivationSweep>(workflowId).result();
  if (state !== 'cancelled') throw new Error(`the sweep ended as ${state}`);
  return { waiting: workflowId };
}

/** The sweep that an event has started, once it has ended. */
async function endedAfterEvent({ client, ledger }: World): Promise<{ readonly id: string }> {
  for (;;) {
    const found = await new Sweeps(client, ledger).list(federationId, null, 10);
    const ended = found.find(({ record }) => record?.trigger === 'event' && record.endedAt !== null);
    if (ended !== undefined) return ended;
    await setTimeout(200);
  }
}
