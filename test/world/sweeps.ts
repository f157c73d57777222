import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Sweeps } from '../../src/commands/sweeps.js';
import type { Actor } from '../../src/domain/gate.js';
import { type SweepRecord, SweepSpec } from '../../src/domain/sweep.js';
import type { KeptFinding } from '../../src/ledger/sweep-findings.js';
import { federationId, operator, patiently, type World } from './world.js';

/** Another person than the one who starts sweeps. */
export const approver: Actor = { name: 'test-approver', roles: ['approver'] };

/** A fuse that lets almost everything through: for tests of what comes after it. */
export const wideOpen = { users: 1_000, share: 0.99, sourceShrink: 0.99, unknown: 0.99 };

/** Commands to sweeps in a world. */
export class WorldSweeps {
  readonly #sweeps: Sweeps;

  constructor(world: World) {
    this.#sweeps = new Sweeps(world.client, world.ledger);
  }

  async start(spec: Record<string, unknown>, actor: Actor = operator): Promise<SweepRecord> {
    const asked = {
      federationId,
      spec: SweepSpec.parse(spec),
      trigger: 'request' as const,
      actor,
      idempotencyKey: randomUUID(),
    };
    return (await patiently(() => this.#sweeps.start(asked))).sweep;
  }

  get(id: string): Promise<SweepRecord> {
    return patiently(() => this.#sweeps.get(federationId, id));
  }

  /** Waits until the sweep is as the test asks, or has ended. */
  async settled(id: string, settles: (record: SweepRecord) => boolean = () => false): Promise<SweepRecord> {
    for (;;) {
      const record = await this.get(id);
      if (record.endedAt !== null || settles(record)) return record;
      await wait(50);
    }
  }

  /** Starts a sweep and waits for its end, or for the gate of its fuse. */
  async carryOut(spec: Record<string, unknown>, actor: Actor = operator): Promise<SweepRecord> {
    return this.settled((await this.start(spec, actor)).id, ({ state }) => state === 'gate');
  }

  decide(
    id: string,
    decision: 'approve' | 'reject',
    listDigest: string | null,
    actor: Actor = approver,
  ): Promise<SweepRecord> {
    return this.#sweeps.decide(federationId, id, {
      decision,
      listDigest: listDigest ?? '',
      why: 'I have read it',
      actor,
    });
  }

  order(id: string, order: 'pause' | 'resume' | 'cancel'): Promise<SweepRecord> {
    return this.#sweeps.order(federationId, id, order, operator);
  }

  findings(id: string): Promise<readonly KeptFinding[]> {
    return this.#sweeps.findings(federationId, id, {}, null, 1_000);
  }
}

/** What was found about each login, with what became of it. */
export function told(findings: readonly KeptFinding[]): readonly string[] {
  return findings.map(({ login, kind, action, outcome }) => `${login} ${kind} ${action} ${outcome}`).sort();
}
