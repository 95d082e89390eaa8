import { html } from 'ghtml';
import { formatDuration } from '../../lib/duration.ts';
import type { Reader } from '../reader.ts';

type Zone = Pick<Reader, 'language' | 'timeZone'>;

const clock = { hour: '2-digit', minute: '2-digit' } as const;

/**
 * Returns a moment as HTML: the time if it is today, otherwise day and time, with the year if it is not the current
 * one.
 */
export function when(reader: Zone, at: number, now: number): string {
  const isToday = dayOf(reader, at) === dayOf(reader, now);
  return time(at, 'near', format(reader, at, isToday ? clock : dateOf(reader, at, now)));
}

/**
 * Returns a moment for a sentence: always with its date, because the grammar may not bear the time alone or the name of
 * a day. In French, it is "jusqu’au 3 mars", but "jusqu’à 14:07".
 */
export function whenInSentence(reader: Zone, at: number, now: number): string {
  return time(at, 'sentence', format(reader, at, dateOf(reader, at, now)));
}

/** Returns a moment within a week by its weekday and time. */
export function weekdayTime(reader: Zone & Pick<Reader, 't'>, at: number): string {
  const day = format(reader, at, { weekday: 'long' });
  return time(at, 'weekday', reader.t('time.weekday', { day, time: format(reader, at, clock) }));
}

export function longDate(reader: Zone, at: number): string {
  return time(at, 'date', format(reader, at, { dateStyle: 'long' }));
}

/** Returns a duration in its two largest units, such as `2 days 8 hours`. */
export function durationText({ t }: Pick<Reader, 't'>, ms: number): string {
  const all = Math.max(1, Math.round(ms / 60_000));
  const [days, hours, minutes] = [Math.floor(all / 1_440), Math.floor((all % 1_440) / 60), all % 60];
  const texts = [
    days > 0 ? t('code.days', { days }) : '',
    hours > 0 ? t('code.hours', { hours }) : '',
    days === 0 && minutes > 0 ? t('code.minutes', { minutes }) : '',
  ];
  return texts.filter((text) => text !== '').join(' ');
}

/** Returns a duration in a single unit as settings have it, such as `36 hours`. */
export function settingDurationText({ t }: Pick<Reader, 't'>, ms: number): string {
  const text = formatDuration(ms);
  const count = Number.parseInt(text, 10);
  if (text.endsWith('d')) return t('code.days', { days: count });
  if (text.endsWith('h')) return t('code.hours', { hours: count });
  return text.endsWith('m') ? t('code.minutes', { minutes: count }) : t('code.seconds', { seconds: count });
}

/** Returns the date in the reader's time zone, such as `2026-11-25`, for comparing days. */
export function dayOf({ timeZone }: Zone, at: number): string {
  return formatFor('en-CA', { timeZone }).format(at);
}

/** Returns the style of a date and time, with the year if it is not the current one. */
function dateOf(reader: Zone, at: number, now: number): Intl.DateTimeFormatOptions {
  const date = { day: 'numeric', month: 'short', ...clock } as const;
  const isThisYear = dayOf(reader, at).slice(0, 4) === dayOf(reader, now).slice(0, 4);
  return isThisYear ? date : { year: 'numeric', ...date };
}

/**
 * Formats by language, time zone and style. Creating one takes a hundred times as long as using it, and there are few
 * of them.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

function format({ language, timeZone }: Zone, at: number, style: Intl.DateTimeFormatOptions): string {
  // British English, because it has the day before the month and 24 hours.
  return formatFor(language === 'en' ? 'en-GB' : language, { ...style, timeZone }).format(at);
}

function formatFor(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made;
}

/** Returns a `<time>`. `style` tells the page's script how to format it in another time zone. */
function time(at: number, style: 'near' | 'sentence' | 'weekday' | 'clock' | 'date', text: string): string {
  return html`<time datetime="${new Date(at).toISOString()}" data-style="${style}">${text}</time>`;
}

/** Returns only the time of day, for places below a heading with the day. */
export function clockTime(reader: Zone, at: number): string {
  return time(at, 'clock', format(reader, at, clock));
}

/** Returns the day before one of `dayOf`. 24 hours ago may be two days ago, because a day in spring has 23 hours. */
function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}

/** Returns a day as a heading: today and yesterday by name, others by weekday. */
export function dayHeading(reader: Pick<Reader, 'language' | 'timeZone' | 't'>, at: number, now: number): string {
  const date = { day: 'numeric', month: 'long' } as const;
  const day = dayOf(reader, at);
  if (day === dayOf(reader, now)) return reader.t('timeline.today', { date: format(reader, at, date) });
  if (day === dayBefore(dayOf(reader, now))) return reader.t('timeline.yesterday', { date: format(reader, at, date) });
  const isThisYear = day.slice(0, 4) === dayOf(reader, now).slice(0, 4);
  return format(reader, at, { weekday: 'long', ...date, ...(isThisYear ? {} : { year: 'numeric' }) });
}
