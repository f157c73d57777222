/** A set of ids in order, in little memory, with pages found by binary search. */
export class SortedIds {
  readonly #ids: string[] = [];

  get size(): number {
    return this.#ids.length;
  }

  has(id: string): boolean {
    return this.#ids[this.#positionFrom(id)] === id;
  }

  /** Returns false if the id was there already. */
  add(id: string): boolean {
    const position = this.#positionFrom(id);
    if (this.#ids[position] === id) return false;
    if (position === this.#ids.length) this.#ids.push(id);
    else this.#ids.splice(position, 0, id);
    return true;
  }

  /** Returns false if the id was not there. */
  delete(id: string): boolean {
    const position = this.#positionFrom(id);
    if (this.#ids[position] !== id) return false;
    this.#ids.splice(position, 1);
    return true;
  }

  /** All ids in order. The array must not be changed. */
  all(): readonly string[] {
    return this.#ids;
  }

  /** Ids behind the cursor, in order. */
  *after(after: string | undefined): Generator<string> {
    let position = after === undefined ? 0 : this.#positionFrom(after);
    if (after !== undefined && this.#ids[position] === after) position += 1;
    for (; position < this.#ids.length; position += 1) {
      const id = this.#ids[position];
      if (id !== undefined) yield id;
    }
  }

  #positionFrom(id: string): number {
    const last = this.#ids.at(-1);
    if (last === undefined || last < id) return this.#ids.length;
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const value = this.#ids[middle];
      if (value !== undefined && value < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
