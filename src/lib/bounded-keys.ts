import { createHmac, randomBytes } from 'node:crypto';

export interface KeyBounds {
  /** How many keys are distinguished at the same time. */
  readonly max: number;
  /** How many keys of one group are distinguished. Further keys count as the group. */
  readonly maxInGroup: number;
  /** A key is forgotten this long after its last use. */
  readonly lifetimeMs: number;
}

interface Known {
  readonly until: number;
  readonly group: string | undefined;
}

const sharedKeys = 256;

/**
 * Maps keys that strangers choose to a bounded number of keys. A known key stays until it has not been used for a
 * while, so nobody can displace it by inventing new ones. Above the limit, new keys share a few keys, which a secret
 * selects.
 */
export class BoundedKeys {
  readonly #bounds: KeyBounds;
  readonly #now: () => number;
  readonly #secret = randomBytes(16);
  /** Ordered by last use, the oldest first. */
  readonly #known = new Map<string, Known>();
  readonly #inGroup = new Map<string, number>();

  constructor(bounds: KeyBounds, now: () => number = () => performance.now()) {
    this.#bounds = bounds;
    this.#now = now;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Returns the key itself, that of its group, or a shared one. */
  of(key: string, group?: string): string {
    this.#forgetOld();
    const known = this.#known.get(key);
    if (known === undefined) {
      const isCrowded = group !== undefined && (this.#inGroup.get(group) ?? 0) >= this.#bounds.maxInGroup;
      if (isCrowded) return this.of(group);
      if (this.#known.size >= this.#bounds.max) return this.#shared(key);
      if (group !== undefined) this.#inGroup.set(group, (this.#inGroup.get(group) ?? 0) + 1);
    }
    this.#known.delete(key);
    this.#known.set(key, { until: this.#now() + this.#bounds.lifetimeMs, group });
    return key;
  }

  /** Returns whether the key has its own entry and shares it with no other key. */
  has(key: string): boolean {
    return this.#known.has(key);
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [key, { until, group }] of this.#known) {
      if (until > now) return;
      this.#known.delete(key);
      if (group === undefined) continue;
      const left = (this.#inGroup.get(group) ?? 1) - 1;
      if (left > 0) this.#inGroup.set(group, left);
      else this.#inGroup.delete(group);
    }
  }

  #shared(key: string): string {
    const [byte = 0] = createHmac('sha256', this.#secret).update(key).digest();
    return `shared ${byte % sharedKeys}`;
  }
}
