import { html } from 'ghtml';
import type { Language } from '../../lib/languages.ts';
import type { Reader } from '../reader.ts';

type Clock = Pick<Reader, 'language' | 'timeZone' | 't'>;

const dayMs = 24 * 60 * 60_000;

/**
 * Returns a moment in a short form for lists, as HTML: with the time for today and yesterday, by name for other days of
 * this week, and otherwise by date.
 */
export function shortMoment(reader: Clock, at: number, now: number): string {
  return html`<time datetime="${new Date(at).toISOString()}" data-style="near">${wordsOf(reader, at, now)}</time>`;
}

function wordsOf(reader: Clock, at: number, now: number): string {
  const { t } = reader;
  const days = Math.round((dayOf(reader, at) - dayOf(reader, now)) / dayMs);
  const time = format(reader, 'time', at);
  if (days === 0) return t('time.today', { time });
  if (days === -1) return t('time.yesterday', { time });
  if (days === 1) return t('time.tomorrow', { time });
  if (days > 1 && days < 7) return t('time.weekday', { day: format(reader, 'weekday', at), time });
  if (days < 0 && days > -7) return format(reader, 'weekday', at);
  return format(reader, Math.abs(days) < 200 ? 'day' : 'date', at);
}

/** Returns midnight of the day in the reader's time zone, as if that zone were UTC. */
function dayOf(reader: Clock, at: number): number {
  const [year, month, day] = format(reader, 'sortable', at).split('-').map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day);
}

const shapes = {
  time: { timeStyle: 'short' },
  weekday: { weekday: 'long' },
  day: { day: 'numeric', month: 'long' },
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  sortable: { year: 'numeric', month: '2-digit', day: '2-digit' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

/** Formats with the day before the month, and 24 hours, in every language. */
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr' };

/**
 * Formats by language, time zone and style. Creating one takes a hundred times as long as using it, and there are few
 * of them.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

function format({ language, timeZone }: Clock, name: keyof typeof shapes, at: number): string {
  const key = `${language} ${timeZone} ${name}`;
  const locale = name === 'sortable' ? 'sv' : locales[language];
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...shapes[name], timeZone });
  formats.set(key, made);
  return made.format(at);
}
