const instant = /^(\d{4}-\d\d-(\d\d))(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Returns an ISO 8601 date or time in epoch milliseconds. Without a time zone, it is in UTC. Returns undefined for any
 * other text, and for days that do not exist.
 */
export function parseInstant(text: string): number | undefined {
  const match = instant.exec(text);
  if (match === null) return undefined;
  const [, date = '', day, zone] = match;
  // JavaScript takes 30 February for 2 March.
  if (new Date(date).getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse(text.includes('T') && zone === undefined ? `${text}Z` : text);
  return Number.isNaN(at) ? undefined : at;
}
