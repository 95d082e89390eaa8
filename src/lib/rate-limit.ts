export interface RateBounds {
  readonly max: number;
  readonly windowMs: number;
}

/** Admits so many uses of a key within a window of time that slides. One process counts for itself. */
export class RateLimit {
  readonly #bounds: RateBounds;
  /** When each key was used, the one that was used longest ago first. */
  readonly #uses = new Map<number, readonly number[]>();

  constructor(bounds: RateBounds) {
    this.#bounds = bounds;
  }

  /** Counts a use and returns 0, or returns after how many milliseconds the next one is admitted. */
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
