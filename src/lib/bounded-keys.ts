import { createHmac, randomBytes } from 'node:crypto';

export interface KeyBounds {
  /** How many keys are told apart at once. */
  readonly max: number;
  /** How many keys of one group are told apart; the others count as the group. */
  readonly maxInGroup: number;
  /** After its last use, a key is forgotten. */
  readonly lifetimeMs: number;
}

interface Known {
  readonly until: number;
  readonly group: string | undefined;
}

const sharedKeys = 256;

/**
 * Maps keys that strangers choose to a bounded number of keys. A known key stays until it has not been used for a
 * while. So whoever makes up new ones displaces nobody: beyond the bound, new keys share a few, which a secret chooses.
 */
export class BoundedKeys {
  readonly #bounds: KeyBounds;
  readonly #now: () => number;
  readonly #secret = randomBytes(16);
  /** The one that was used longest ago comes first. */
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

  /** Returns whether the key stands for itself alone. */
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
