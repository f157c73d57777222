import { condition, setHandler } from '@temporalio/workflow';
import { type Problem, problem } from '../domain/errors.js';
import type { GivenRotationOrder, RotationStepName } from '../domain/rotation.js';
import { rotationOrderUpdate } from './messages.js';
import type { Operation } from './operation.js';
import { refusal, Stopped } from './problems.js';

const minuteMs = 60_000;

/** What people tell a roll-over while it runs: to go on before its time, or to take everything back. */
export class RotationOrders {
  private revoked: Problem | null = null;
  private waiting: RotationStepName | null = null;
  private goneOn = false;
  private final = false;

  constructor(private readonly operation: Operation) {
    setHandler(rotationOrderUpdate, (order) => this.obey(order), { validator: (order) => this.refuse(order) });
  }

  /** @throws Stopped if somebody has told the roll-over to take everything back */
  check(): void {
    if (this.revoked !== null) throw new Stopped(this.revoked);
  }

  /** From now on nothing is taken back. @throws Stopped if somebody has asked for that before */
  beFinal(): void {
    this.check();
    this.final = true;
  }

  /** Takes back what was done: the order to do so counts no more. */
  takeBack(): void {
    this.final = true;
    this.revoked = null;
    this.operation.interrupt(null);
  }

  /**
   * Waits in a step until the time is over or somebody says to go on.
   *
   * @throws Stopped if somebody has told the roll-over to take everything back
   */
  async wait(step: RotationStepName, minutes: number): Promise<void> {
    this.check();
    if (minutes === 0) return;
    this.waiting = step;
    this.goneOn = false;
    const until = new Date(Date.now() + minutes * minuteMs).toISOString();
    this.tell(step, `until ${until}; POST …/rotations/go-on ends the wait`, false);
    await condition(() => this.goneOn || this.revoked !== null, minutes * minuteMs);
    this.waiting = null;
    this.check();
    this.tell(step, this.goneOn ? 'gone on before its time' : 'the time has passed', true);
  }

  private tell(step: RotationStepName, detail: string, passed: boolean): void {
    const statement = 'The time between the steps has passed';
    const result = passed ? 'passed' : 'unknown';
    this.operation.changeStep(step, { checks: [{ name: 'wait', statement, result, detail, fix: null, evidence: [] }] });
  }

  private obey({ order, by, why }: GivenRotationOrder) {
    if (order === 'goOn') this.goneOn = true;
    else {
      this.revoked = problem('O2O_ROTATION_REVOKED', { by, why });
      this.operation.interrupt(this.revoked);
    }
    return this.operation.current;
  }

  private refuse({ order }: GivenRotationOrder): void {
    if (order === 'goOn' && this.waiting === null)
      throw refusal('O2O_ROTATION_STATE', { state: 'does not wait', order });
    if (order === 'revoke' && (this.final || this.revoked !== null)) {
      throw refusal('O2O_ROTATION_STATE', { state: 'is beyond the point of return', order });
    }
  }
}
