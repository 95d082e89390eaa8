import { html } from 'ghtml';
import type { PageOfRows } from '../../lib/page-of-rows.ts';
import { parseId } from '../../lib/parse-id.ts';
import type { Reader } from '../reader.ts';

export const rowsOnPage = 50;

/** Returns the id in the query after which the page begins; undefined for the first page. */
export function afterIn(query: URLSearchParams): number | undefined {
  return parseId(query.get('after') ?? '');
}

/**
 * Returns which page of a list a query leads to, as the end of another query: `&after=50`, or '' for the first page.
 * Forms are posted to the address of their page, so the answer can lead back to it.
 */
export function placeIn(query: URLSearchParams): string {
  const after = afterIn(query);
  return after === undefined ? '' : `&after=${after}`;
}

/** Reads a page, or the first one if that page is empty because its last row is gone. */
export async function pageOrFirst<From, Row>(
  from: From | undefined,
  read: (from: From | undefined) => Promise<PageOfRows<Row>>,
): Promise<PageOfRows<Row>> {
  const page = await read(from);
  return page.rows.length === 0 && from !== undefined ? read(undefined) : page;
}

/** Returns the link to the next page of the list at `path`, which begins at `place`; '' if there is no next page. */
export function nextLink({ t, prefix }: Reader, path: string, place: string | undefined): string {
  if (place === undefined) return '';
  return html`<p class="next"><a rel="next" href="${prefix}${path}?${place}">${t('accounts.next')}</a></p>`;
}
