/** Returns epoch milliseconds as ISO 8601 in UTC. */
export function isoDate(instant: number): string;
export function isoDate(instant: number | null): string | null;
export function isoDate(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
