/** Remembers ids until they expire: what may be used once, or still waits to be used. */
export class ExpiringIds<Value = true> {
  readonly #entries = new Map<string, { readonly value: Value; readonly expiresAt: number }>();
  #sweepAt = 1000;

  /** Remembers the id until then (milliseconds). False if it is already remembered. */
  add(id: string, value: Value, expiresAt: number, now: number): boolean {
    if (this.get(id, now) !== undefined) return false;
    if (this.#entries.size >= this.#sweepAt) this.#sweep(now);
    this.#entries.set(id, { value, expiresAt });
    return true;
  }

  get(id: string, now: number): Value | undefined {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.expiresAt > now ? entry.value : undefined;
  }

  /** Takes the id out: whoever asks second gets nothing. */
  take(id: string, now: number): Value | undefined {
    const value = this.get(id, now);
    this.#entries.delete(id);
    return value;
  }

  #sweep(now: number): void {
    for (const [id, entry] of this.#entries) if (entry.expiresAt <= now) this.#entries.delete(id);
    this.#sweepAt = Math.max(1000, this.#entries.size * 2);
  }
}
