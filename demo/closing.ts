/** What must be ended when the demo ends, whatever happens: the last one added first. */
export class Closing {
  readonly #steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  /** Ends everything; what cannot be ended does not keep the rest from ending. */
  async close(): Promise<void> {
    while (this.#steps.length > 0)
      await this.#steps
        .pop()?.()
        .catch(() => undefined);
  }
}
