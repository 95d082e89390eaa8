/**
 * A map that finds its first entry in constant time on average. A built-in map skips all entries that were deleted
 * before it.
 */
export class OrderedMap<Key, Value> {
  readonly #numbers = new Map<Key, number>();
  readonly #values = new Map<number, Value>();
  #first = 0;
  #next = 0;

  get size(): number {
    return this.#numbers.size;
  }

  get(key: Key): Value | undefined {
    const number = this.#numbers.get(key);
    return number === undefined ? undefined : this.#values.get(number);
  }

  /** Adds an entry after all others. Does nothing if its key exists. */
  add(key: Key, value: Value): void {
    if (this.#numbers.has(key)) return;
    this.#numbers.set(key, this.#next);
    this.#values.set(this.#next, value);
    this.#next += 1;
  }

  delete(key: Key): void {
    const number = this.#numbers.get(key);
    if (number === undefined) return;
    this.#numbers.delete(key);
    this.#values.delete(number);
  }

  first(): Value | undefined {
    // Each number is skipped only once.
    while (this.#first < this.#next && !this.#values.has(this.#first)) this.#first += 1;
    return this.#values.get(this.#first);
  }
}
