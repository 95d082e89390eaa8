/** The rows of one page of a list. */
export interface PageOfRows<Row> {
  readonly rows: readonly Row[];
  /** Whether more rows follow. */
  readonly more: boolean;
}

/** Returns the page from rows that were read with a limit of one more than it has. */
export function pageOfRows<Row>(found: readonly Row[], limit: number): PageOfRows<Row> {
  return { rows: found.slice(0, limit), more: found.length > limit };
}

/** A page by id: the id of the last row before it, unless it is the first page, and the maximum number of its rows. */
export interface PageAfter {
  readonly after: number | undefined;
  readonly limit: number;
}
