/**
 * Recent times, by a number for each. It stores plain whole numbers, because objects that live for seconds are costly to collect in
 * a busy process.
 */
export class RecentTimes {
  readonly #start: number;
  readonly #keptMs: number;
  /** `#times` has those since `#since`, `#earlier` those of the period before. */
  #times = new Map<number, number>();
  #earlier = new Map<number, number>();
  #since = 0;

  /** Keeps each time for at least `keptMs`, and for at most twice as long while others are noted. */
  constructor(start: number, keptMs: number) {
    this.#start = start;
    this.#keptMs = keptMs;
  }

  /** `at`: milliseconds, by the clock of `start`. Its fraction is lost. */
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
