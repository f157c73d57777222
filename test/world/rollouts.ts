import { randomUUID } from 'node:crypto';
import { type AcceptedRollout, Rollouts } from '../../src/commands/rollouts.js';
import type { AskedGroup, RolloutRecord } from '../../src/domain/group-rollout.js';
import { federationId, operator, patiently, testUserPassword, type World } from './world.js';

/** Rollouts of a world's federation, and groups with people to roll out. */
export class WorldRollouts {
  readonly rollouts: Rollouts;

  constructor(private readonly world: World) {
    this.rollouts = new Rollouts(world.client);
  }

  start(
    group: AskedGroup,
    said: { readonly dryRun?: boolean; readonly idempotencyKey?: string } = {},
  ): Promise<AcceptedRollout> {
    const { dryRun = false, idempotencyKey = randomUUID() } = said;
    const command = { federationId, group, dryRun, reason: null, ticket: null, actor: operator, idempotencyKey };
    return patiently(() => this.rollouts.start(command));
  }

  get(groupId: string): Promise<RolloutRecord> {
    return patiently(() => this.rollouts.get(federationId, groupId));
  }

  cancel(groupId: string): Promise<RolloutRecord> {
    return patiently(() => this.rollouts.cancel(federationId, groupId, operator));
  }

  /** The rollout once it has ended or stands at a gate, or is as `settles` says. */
  async settled(
    groupId: string,
    settles: (record: RolloutRecord) => boolean = ({ endedAt, state }) => endedAt !== null || state === 'gate',
  ): Promise<RolloutRecord> {
    for (;;) {
      const record = await this.get(groupId);
      if (settles(record)) return record;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** A group of the IdP org with so many new members. */
  async group(name: string, people: number): Promise<{ readonly groupId: string; readonly ids: readonly string[] }> {
    const ids: string[] = [];
    for (let index = 0; index < people; index += 1) ids.push(await this.person(`${name}${index}`));
    return { groupId: await this.world.idpAdmin.addGroup(name, ids), ids };
  }

  person(name: string): Promise<string> {
    return this.world.idpAdmin.addUser(`${name}@acme.example`, testUserPassword);
  }

  async joins(groupId: string, userId: string): Promise<void> {
    await this.world.idpAdmin.put(`/api/v1/groups/${groupId}/users/${userId}`);
  }

  async leaves(groupId: string, userId: string): Promise<void> {
    await this.world.idpAdmin.delete(`/api/v1/groups/${groupId}/users/${userId}`);
  }

  answer(groupId: string, { steps }: RolloutRecord, choice: string) {
    const gate = steps.find((step) => step.gate?.state === 'open')?.gate;
    if (gate == null) throw new Error('no gate is open');
    const actor = { name: 'test-approver', roles: ['approver'] as const };
    return this.rollouts.answerGate(federationId, groupId, { gate: gate.name, choice, why: 'it is so', actor });
  }
}

/** What went wrong in a rollout; empty where nothing did. */
export function whyNot({ state, steps }: RolloutRecord): string[] {
  const found = steps.flatMap(({ name, problem }) => (problem === null ? [] : [`${name}: ${problem.message}`]));
  return state === 'done' ? found : [`it is ${state}`, ...found];
}
