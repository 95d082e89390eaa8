import { OrderedMap } from './ordered-map.ts';

interface Entry<Value> {
  readonly group: string;
  readonly value: Value;
}

/**
 * Values in groups, in the order in which they were added. It also knows the largest group. The cost of a call does not
 * depend on the number of values or groups.
 */
export class GroupedQueue<Value> {
  readonly #entries = new OrderedMap<string, Entry<Value>>();
  readonly #groups = new Map<string, OrderedMap<string, Value>>();
  /** The names of the groups by size, in the order in which they reached it. */
  readonly #groupsOfSize = new Map<number, OrderedMap<string, string>>();
  #largest = 0;

  get size(): number {
    return this.#entries.size;
  }

  has(key: string): boolean {
    return this.#entries.get(key) !== undefined;
  }

  sizeOf(group: string): number {
    return this.#groups.get(group)?.size ?? 0;
  }

  /** Adds a value after all others. Does nothing if its key exists. */
  add(group: string, key: string, value: Value): void {
    if (this.has(key)) return;
    this.#entries.add(key, { group, value });
    const members = this.#groups.get(group) ?? new OrderedMap<string, Value>();
    members.add(key, value);
    this.#groups.set(group, members);
    this.#resize(group, members.size - 1, members.size);
    this.#largest = Math.max(this.#largest, members.size);
  }

  delete(key: string): void {
    const group = this.#entries.get(key)?.group;
    const members = group === undefined ? undefined : this.#groups.get(group);
    if (group === undefined || members === undefined) return;
    this.#entries.delete(key);
    members.delete(key);
    if (members.size === 0) this.#groups.delete(group);
    this.#resize(group, members.size + 1, members.size);
    if (!this.#groupsOfSize.has(this.#largest)) this.#largest -= 1;
  }

  oldest(): Value | undefined {
    return this.#entries.first()?.value;
  }

  oldestOf(group: string): Value | undefined {
    return this.#groups.get(group)?.first();
  }

  /**
   * Returns the oldest value of the largest group. If several groups are largest, uses the one that has had this size
   * for longest.
   */
  oldestOfLargest(): Value | undefined {
    const group = this.#groupsOfSize.get(this.#largest)?.first();
    return group === undefined ? undefined : this.oldestOf(group);
  }

  #resize(group: string, before: number, after: number): void {
    const left = this.#groupsOfSize.get(before);
    left?.delete(group);
    if (left?.size === 0) this.#groupsOfSize.delete(before);
    if (after === 0) return;
    const joined = this.#groupsOfSize.get(after) ?? new OrderedMap<string, string>();
    joined.add(group, group);
    this.#groupsOfSize.set(after, joined);
  }
}
