import { html } from 'ghtml';

/** A part of a page that is fetched again when something changes. Without JavaScript, the reader reloads the page. */
export interface LivePart {
  /** The id of the part in this page, and in the one that is fetched. */
  readonly id: string;
  /** Where the events come from, with the path prefix. */
  readonly events: string;
  /** The page to fetch the part from, with the path prefix and the query. */
  readonly page: string;
  /** The state that this page shows, in the words of the event stream. */
  readonly state: string;
  /** Nothing follows this state. */
  readonly isLast: boolean;
  /** HTML, already escaped. */
  readonly content: string;
}

/** Returns the part, and beside it the connection, which outlives each fetch. */
export function livePart({ id, events, page, state, isLast, content }: LivePart): string {
  if (isLast) return html`<div id="${id}" data-state="${state}">!${content}</div>`;
  return html`<div id="${id}" data-state="${state}" hx-get="${page}" hx-select="#${id}" hx-swap="outerMorph" hx-trigger="progress from:#${id}-live">!${content}</div>
<div id="${id}-live" hx-sse:connect="${events}" hx-sse:close="end" hx-swap="none" data-state="${state}"></div>`;
}
