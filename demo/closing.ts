/** What must be ended when the demo ends, whatever happens: the last one added first. */
export class Closing {
  readonly #steps: (() => Promise<void>)[] = [];
  #closed: Promise<void> | null = null;

  /** @throws Error if the demo is ending already; the step is carried out at once then. */
  add(step: () => Promise<void>): void {
    this.#steps.push(step);
    if (this.#closed === null) return;
    void this.#closeAll();
    throw new Error('The demo is ending.');
  }

  /** Ends everything; what cannot be ended does not keep the rest from ending. Everyone who calls waits for the end. */
  close(): Promise<void> {
    this.#closed ??= this.#closeAll();
    return this.#closed;
  }

  async #closeAll(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop())
      await step().catch(() => undefined);
  }
}
