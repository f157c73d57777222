type Listener = () => void;

/** The clock of one org. It runs with the machine's clock plus an offset that can be set. */
export class Clock {
  #offset = 0;
  readonly #listeners = new Set<Listener>();

  /** Milliseconds since 1970 by this clock. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Now, or the given milliseconds, as Okta writes a time of an object: seconds, with `.000`. */
  iso(at: number = this.now()): string {
    return `${new Date(at).toISOString().slice(0, 19)}.000Z`;
  }

  /** Now with milliseconds, as the System Log writes it. */
  isoMillis(at: number = this.now()): string {
    return new Date(at).toISOString();
  }

  /** Sets the time; from then on the clock runs at normal speed. */
  set(at: number): void {
    this.#offset = at - Date.now();
    for (const listener of this.#listeners) listener();
  }

  /** Moves the clock forward (or back) by milliseconds. */
  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }

  /** Calls the listener whenever the clock was set. Returns the function that ends this. */
  onSet(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
