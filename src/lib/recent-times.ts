/**
 * Recent times by key. Keys and times are plain integers, because objects that live for seconds are expensive to
 * collect in a busy process.
 */
export class RecentTimes {
  readonly #start: number;
  readonly #keptMs: number;
  /** `#times` has the times since `#since`; `#earlier` has those of the period before. */
  #times = new Map<number, number>();
  #earlier = new Map<number, number>();
  #since = 0;

  /** Keeps each time for at least `keptMs`. While further times are noted, keeps it for at most twice as long. */
  constructor(start: number, keptMs: number) {
    this.#start = start;
    this.#keptMs = keptMs;
  }

  /** `at`: milliseconds by the same clock as `start`. Fractions are dropped. */
  note(key: number, at: number): void {
    const time = Math.trunc(at - this.#start);
    if (time - this.#since > this.#keptMs) {
      this.#earlier = this.#times;
      this.#times = new Map();
      this.#since = time;
    }
    this.#times.set(key, time);
  }

  find(key: number): number | undefined {
    const time = this.#times.get(key) ?? this.#earlier.get(key);
    return time === undefined ? undefined : this.#start + time;
  }
}
