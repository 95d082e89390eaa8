import type { Language } from '../lib/languages.ts';

/** The language and time zone of a reader. */
export interface Clock {
  readonly language: Language;
  /** An IANA time zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** British English, because it has the day before the month and 24 hours, as telephones do. */
const tags: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

/** Returns the time to the minute, with its time zone. */
export function momentText({ language, timeZone }: Clock, at: number): string {
  const format = new Intl.DateTimeFormat(tags[language], {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
  return format.format(at);
}

/** Returns the time zone of this machine, for spaces that have none of their own. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
