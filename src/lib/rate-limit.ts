export interface RateBounds {
  readonly max: number;
  readonly windowMs: number;
}

/** Allows a number of uses of each key within a sliding time window. Each process counts for itself. */
export class RateLimit {
  readonly #bounds: RateBounds;
  /** The times of each key's uses. The key that was used longest ago comes first. */
  readonly #uses = new Map<number, readonly number[]>();

  constructor(bounds: RateBounds) {
    this.#bounds = bounds;
  }

  /** Counts a use and returns 0. At the limit, returns the number of milliseconds until the next use is allowed. */
  waitMs(key: number, now: number): number {
    this.#forgetBefore(now - this.#bounds.windowMs);
    const recent = (this.#uses.get(key) ?? []).filter((at) => at > now - this.#bounds.windowMs);
    const [first = now] = recent;
    if (recent.length >= this.#bounds.max) return first + this.#bounds.windowMs - now;
    this.#uses.delete(key);
    this.#uses.set(key, [...recent, now]);
    return 0;
  }

  #forgetBefore(moment: number): void {
    for (const [key, uses] of this.#uses) {
      if ((uses.at(-1) ?? 0) > moment) return;
      this.#uses.delete(key);
    }
  }
}
