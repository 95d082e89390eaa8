/**
 * Returns a clock in epoch milliseconds that is never behind `now`. If `now` is set back, the clock goes on by
 * `elapsed`, which counts milliseconds from an arbitrary moment.
 */
export function steadyClock(now: () => number, elapsed: () => number): () => number {
  let latest = now();
  let readAt = elapsed();
  return () => {
    const at = elapsed();
    latest = Math.max(now(), latest + at - readAt);
    readAt = at;
    return Math.floor(latest);
  };
}
