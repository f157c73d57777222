import { expect } from 'vitest';
import { type Fault, FaultRequest } from '../../sandbox/control/faults.js';
import { Seed, seed } from '../../sandbox/control/seed.js';
import type { SweepRecord } from '../../src/domain/sweep.js';
import { FederatedWorld } from './federated-world.js';
import { WorldSweeps, wideOpen } from './sweeps.js';
import { SweptPeople } from './swept-people.js';

/** A sweep that acts on everybody whose right has ended. */
export const enforce = { mode: 'enforce', limits: { fuse: wideOpen, inFlight: 20 } };

/** A federation with many members of whom none is to go, one good sweep of them, and leavers to come. */
export class SweptFederation {
  readonly people: SweptPeople;
  readonly sweeps: WorldSweeps;
  #leavers = 0;

  private constructor(
    readonly at: FederatedWorld,
    people: SweptPeople,
  ) {
    this.people = people;
    this.sweeps = new WorldSweeps(at.world);
  }

  static async of(members: number): Promise<SweptFederation> {
    const at = await FederatedWorld.start();
    const made = new SweptFederation(at, await SweptPeople.of(at.world));
    const provisionedUsers = { appId: made.people.known('org2orgAppId'), count: members };
    await seed(at.world.sandbox, Seed.parse({ org: 'idp', provisionedUsers }));
    expect(await made.sweeps.carryOut({ mode: 'report' })).toMatchObject({ state: 'done', population: members + 2 });
    return made;
  }

  /** A leaver, a sweep to whom something happens, and a clean one: nobody else is touched, and the leaver is gone. */
  async meets(happens: () => Promise<SweepRecord>): Promise<SweepRecord> {
    const { at, sweeps } = this;
    this.#leavers += 1;
    const login = await this.people.someone(`leaver-${this.#leavers}`, 'unassigned');
    const before = at.everybodyBut(login);
    const ended = await happens();
    at.world.sandbox.faults.remove();
    expect(at.everybodyBut(login)).toEqual(before);
    expect(await sweeps.carryOut(enforce)).toMatchObject({ state: 'done', actions: { failed: 0 } });
    expect(at.held(login).sp?.status).toBe('DEPROVISIONED');
    expect(at.everybodyBut(login)).toEqual(before);
    return ended;
  }

  fault(org: 'idp' | 'sp', operation: string, what: Record<string, unknown>): Fault {
    return this.at.world.sandbox.faults.add(FaultRequest.parse({ org, operation, ...what }));
  }

  stop(): Promise<void> {
    return this.at.stop();
  }
}
