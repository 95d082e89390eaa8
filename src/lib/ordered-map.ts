/**
 * A map whose first entry is found in constant time on average. The first entry of a built-in map is found by passing all
 * that were deleted before it.
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

  /** Adds an entry behind all others, unless its key is there. */
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
    // No number is passed twice.
    while (this.#first < this.#next && !this.#values.has(this.#first)) this.#first += 1;
    return this.#values.get(this.#first);
  }
}
