/**
 * Returns a clock in epoch milliseconds that is never behind `now`. Where `now` is set back, it goes on evenly.
 * `elapsed` counts milliseconds from any moment.
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
