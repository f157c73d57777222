/** What a collection holds: an object with an id. */
export interface Identified {
  readonly id: string;
}

/**
 * Objects of one kind in the order of their ids (for Okta ids that is the order of creation). A page behind a cursor is
 * found by binary search, so that a page costs the same however many objects there are.
 */
export class Collection<T extends Identified> {
  readonly #byId = new Map<string, T>();
  readonly #sorted: T[] = [];

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): T | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Adds the object, or puts it in the place of the one with the same id. */
  add(item: T): T {
    const position = this.#positionFrom(item.id);
    const replaces = this.#byId.has(item.id);
    this.#byId.set(item.id, item);
    if (position === this.#sorted.length) this.#sorted.push(item);
    else this.#sorted.splice(position, replaces ? 1 : 0, item);
    return item;
  }

  delete(id: string): boolean {
    if (!this.#byId.delete(id)) return false;
    this.#sorted.splice(this.#positionFrom(id), 1);
    return true;
  }

  /** All objects in order. The array must not be changed. */
  all(): readonly T[] {
    return this.#sorted;
  }

  find(test: (item: T) => boolean): T | undefined {
    return this.#sorted.find(test);
  }

  filter(test: (item: T) => boolean): T[] {
    return this.#sorted.filter(test);
  }

  /** Objects whose id comes after the cursor, in order. `after` undefined starts at the beginning. */
  *after(after: string | undefined): Generator<T> {
    let position = after === undefined ? 0 : this.#positionFrom(after);
    if (after !== undefined && this.#sorted[position]?.id === after) position += 1;
    for (; position < this.#sorted.length; position += 1) {
      const item = this.#sorted[position];
      if (item !== undefined) yield item;
    }
  }

  /** Position of the first object whose id is not less than the given one. */
  #positionFrom(id: string): number {
    const last = this.#sorted.at(-1);
    if (last === undefined || last.id < id) return this.#sorted.length;
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#sorted[middle];
      if (item !== undefined && item.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
