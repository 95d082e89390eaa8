import { html } from 'ghtml';
import type { PageOfRows } from '../../lib/page-of-rows.ts';
import { parseId } from '../../lib/parse-id.ts';
import type { Reader } from '../reader.ts';

export const rowsOnPage = 50;

/** Returns the id in the query after which the page of a list begins; undefined for the first page. */
export function afterIn(query: URLSearchParams, name = 'after'): number | undefined {
  return parseId(query.get(name) ?? '');
}

/**
 * Returns which page of a list a query leads to, as the end of another query: `&after=50`, or '' for the first page.
 * Forms are posted to the address of their page, so the answer can lead back to it.
 */
export function placeIn(query: URLSearchParams, name = 'after'): string {
  const after = afterIn(query, name);
  return after === undefined ? '' : `&${name}=${after}`;
}

/** Reads a page, or the first one if that page is empty because its last row is gone. */
export async function pageOrFirst<From, Row>(
  from: From | undefined,
  read: (from: From | undefined) => Promise<PageOfRows<Row>>,
): Promise<PageOfRows<Row>> {
  const page = await read(from);
  return page.rows.length === 0 && from !== undefined ? read(undefined) : page;
}

/** Returns the link to the next page of a list at this address; '' if there is no next page. */
export function nextLink(
  { t }: Reader,
  href: string | undefined,
  words: 'accounts.next' | 'activity.older' = 'accounts.next',
): string {
  return href === undefined ? '' : html`<p class="next"><a rel="next" href="${href}">${t(words)}</a></p>`;
}
