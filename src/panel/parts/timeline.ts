import { html } from 'ghtml';
import type { Event, EventKind } from '../../events/event.ts';
import { eventText } from '../../locale/event-text.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';
import { clockTime, dayHeading, dayOf, whenInSentence } from './when.ts';

const good: readonly EventKind[] = ['delivered', 'device-ended'];
const bad: readonly EventKind[] = ['refused', 'answer-lost', 'device-refused'];

/**
 * Returns events by day, the newest first: the time, a shape and a sentence, with the details in small print. With
 * `names` of accounts by id, it also says which account each event is about.
 */
export function timeline(
  reader: Reader,
  events: readonly Event[],
  now: number,
  names: ReadonlyMap<number, string> = new Map(),
): string {
  const days = Map.groupBy(events, ({ at }) => dayOf(reader, at));
  return [...days.values()]
    .map((ofDay) => {
      const [first] = ofDay;
      const items = ofDay.map((event) => item(reader, event, now, accountLink(reader, event, names)));
      return html`<section class="day"><h2>${first === undefined ? '' : dayHeading(reader, first.at, now)}</h2><ol>!${items}</ol></section>`;
    })
    .join('\n');
}

/** Returns a link to the account, unless it was deleted. */
function accountLink({ prefix }: Reader, { accountId }: Event, names: ReadonlyMap<number, string>): string {
  const name = accountId === null ? undefined : names.get(accountId);
  if (name === undefined) return '';
  return html`<a class="name" href="${prefix}/admin/accounts/${accountId}"><bdi>${name}</bdi></a>`;
}

function item(reader: Reader, event: Event, now: number, about: string): string {
  const times = new Map<string, string>();
  const { title, sentence, detail } = eventText(reader.t, event, (at) => {
    times.set(placeOf(at), whenInSentence(reader, at, now));
    return placeOf(at);
  });
  const kind = bad.includes(event.kind) ? 'failed' : good.includes(event.kind) ? 'done' : 'note';
  const news = title === '' ? '' : html`<b class="${kind}">${title}</b> `;
  return html`<li>!${clockTime(reader, event.at)}!${kind === 'note' ? '<span class="dot" aria-hidden="true"></span>' : shape(kind)}<div>!${about}!${news}!${withTimes(sentence, times)}!${detail === '' ? '' : html`<span class="second">!${withTimes(detail, times)}</span>`}</div></li>`;
}

/** Stands for an instant in a text, until the text is HTML. */
function placeOf(at: number): string {
  return `⟦${at}⟧`;
}

/** Returns a text as HTML with its times, so that the page's script can convert them. */
function withTimes(text: string, times: ReadonlyMap<string, string>): string {
  return text
    .split(/(⟦\d+⟧)/)
    .map((part) => times.get(part) ?? html`${part}`)
    .join('');
}
