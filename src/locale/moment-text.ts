import type { Language } from '../lib/languages.ts';

/** In which language and time zone somebody reads. */
export interface Clock {
  readonly language: Language;
  /** An IANA time zone, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** English with the day before the month and 24 hours, as telephones show it. */
const tags: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr-FR' };

/** Returns a moment to the minute, with its time zone. */
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

/** Returns the time zone of this machine, which counts where a space names none. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
