import { html } from 'ghtml';

/** A part of a page that is fetched again when something changes. Without JavaScript, people must reload the page. */
export interface LivePart {
  /** The id of the part, in this page and in the fetched one. */
  readonly id: string;
  /** The path of the event stream, with the path prefix. */
  readonly events: string;
  /** The path of the page that contains the part, with the path prefix and the query. */
  readonly page: string;
  /** The state that the part shows, as the event stream names it. */
  readonly state: string;
  /** What tells apart two contents in the same state, as the ids of the events do. */
  readonly revision?: string;
  /** Whether this is the last state. */
  readonly isLast: boolean;
  /** HTML, already escaped. */
  readonly content: string;
}

/** Returns the part, and the connection beside it, which stays open when the part is fetched again. */
export function livePart({ id, events, page, state, revision = '', isLast, content }: LivePart): string {
  if (isLast) return html`<div id="${id}" data-state="${state}">!${content}</div>`;
  return html`<div id="${id}" data-state="${state}" hx-get="${page}" hx-select="#${id}" hx-swap="outerMorph" hx-trigger="progress from:#${id}-live">!${content}</div>
<div id="${id}-live" hx-sse:connect="${events}" hx-sse:close="end" hx-swap="none" data-state="${state}" data-revision="${revision}"></div>`;
}
