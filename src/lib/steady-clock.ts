/**
 * Returns a clock in epoch milliseconds that is never behind `now`, and that goes on evenly where `now` is set back.
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
