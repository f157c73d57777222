import { setTimeout as wait } from 'node:timers/promises';
import type { AgreedKind, OperationStatus } from '../../src/domain/federation.js';
import type { Actor } from '../../src/domain/gate.js';
import { federationId, operator, patiently, type World } from './world.js';

/** Operations on the federation of a world as it was agreed. */
export class AgreedOperations {
  constructor(private readonly world: World) {}

  start(kind: AgreedKind, options: Record<string, unknown>, actor: Actor = operator) {
    const command = { kind, options, actor, idempotencyKey: null };
    return patiently(() => this.world.federations.operate(federationId, command));
  }

  /** Waits until the last operation of the kind has ended and the federation knows it, or is as the test asks. */
  async settled(
    kind: AgreedKind,
    settles: (status: OperationStatus) => boolean = () => false,
  ): Promise<OperationStatus> {
    for (;;) {
      const status = await patiently(() => this.world.federations.lastOf(federationId, kind));
      const { operations } = await patiently(() => this.world.federations.get(federationId));
      const known = operations.findLast((operation) => operation.kind === kind)?.outcome != null;
      if (status !== null && ((status.outcome !== null && known) || settles(status))) return status;
      await wait(50);
    }
  }

  async carryOut(kind: AgreedKind, options: Record<string, unknown>): Promise<OperationStatus> {
    await this.start(kind, options);
    return this.settled(kind);
  }
}

/** What keeps steps of an operation from going on. */
export function stops({ steps }: OperationStatus): readonly string[] {
  return steps.flatMap((step) => (step.problem === null ? [] : [`${step.name}: ${step.problem.code}`]));
}
