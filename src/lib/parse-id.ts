/** The highest value of PostgreSQL's `integer`, which refuses comparisons with higher numbers. */
export const maxId = 2 ** 31 - 1;

/** Returns the decimal id in a text, or undefined if the text cannot be an id. */
export function parseId(text: string): number | undefined {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  return id > 0 && id <= maxId ? id : undefined;
}
