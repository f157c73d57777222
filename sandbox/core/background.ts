import type { Clock } from './clock.js';

/** Kinds of background work; each has its own settable delay. */
export type BackgroundKind = 'provisioning' | 'reconciliation' | 'search' | 'eventHooks' | 'lifecycle';

interface Task {
  readonly due: number;
  readonly key: string | undefined;
  readonly run: () => unknown;
}

const longestTimer = 2 ** 31 - 1;

/** What an org does after it has answered: after a delay on the org's clock, in order of time. */
export class Background {
  /** Delay in milliseconds before work of a kind starts. */
  readonly delays: Record<BackgroundKind, number> = {
    provisioning: 0,
    reconciliation: 0,
    search: 0,
    eventHooks: 0,
    lifecycle: 0,
  };
  readonly #clock: Clock;
  #waiting: Task[] = [];
  /** Work behind the first of its key. */
  readonly #behind = new Map<string, Task[]>();
  readonly #failures: unknown[] = [];
  #pending = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerDue = Number.POSITIVE_INFINITY;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    clock.onSet(() => {
      clearTimeout(this.#timer);
      this.#timerDue = Number.POSITIVE_INFINITY;
      this.#setTimer();
    });
  }

  /** What background work threw; empty unless the sandbox itself has a fault. */
  get failures(): readonly unknown[] {
    return this.#failures;
  }

  /** Work that is queued or running. */
  get pending(): number {
    return this.#pending;
  }

  /** Queues work. Work with the same key runs one after another, in the order in which it was queued. */
  schedule(kind: BackgroundKind, run: () => unknown, key?: string): void {
    if (this.#stopped) return;
    this.#pending += 1;
    const task = { due: this.#clock.now() + this.delays[kind], key, run };
    const behind = key === undefined ? undefined : this.#behind.get(key);
    if (behind !== undefined) {
      behind.push(task);
      return;
    }
    if (key !== undefined) this.#behind.set(key, []);
    this.#enqueue(task);
  }

  /** Resolves when nothing is queued or running, work that work has queued included. */
  idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Drops what is queued and takes no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#behind.clear();
    this.#pending = 0;
    this.#tellIdle();
  }

  #enqueue(task: Task): void {
    this.#waiting.push(task);
    if (task.due < this.#timerDue) this.#setTimer();
  }

  #setTimer(): void {
    if (this.#stopped || this.#waiting.length === 0) return;
    clearTimeout(this.#timer);
    this.#timerDue = this.#waiting.reduce((least, task) => Math.min(least, task.due), Number.POSITIVE_INFINITY);
    const wait = Math.min(Math.max(0, this.#timerDue - this.#clock.now()), longestTimer);
    this.#timer = setTimeout(() => this.#startDue(), wait);
  }

  #startDue(): void {
    const now = this.#clock.now();
    const due = this.#waiting.filter((task) => task.due <= now);
    this.#waiting = this.#waiting.filter((task) => task.due > now);
    this.#timerDue = Number.POSITIVE_INFINITY;
    for (const task of due.sort((a, b) => a.due - b.due)) void this.#run(task);
    this.#setTimer();
  }

  async #run(task: Task): Promise<void> {
    try {
      await task.run();
    } catch (error) {
      this.#failures.push(error);
    }
    if (this.#stopped) return;
    this.#pending -= 1;
    if (task.key !== undefined) {
      const next = this.#behind.get(task.key)?.shift();
      if (next === undefined) this.#behind.delete(task.key);
      else this.#enqueue(next);
    }
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (this.#pending > 0) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}
