/** Returns an instant to the minute, in the local time zone with its offset: `2026-01-31 13:05+01:00`. */
export function localTime(instant: Date | number): string {
  const date = new Date(instant);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const minutesAhead = -date.getTimezoneOffset();
  const [hours, minutes] = [Math.floor(Math.abs(minutesAhead) / 60), Math.abs(minutesAhead) % 60];
  const offset = `${minutesAhead < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}${offset}`;
}

/** Returns a time from the API as a date, for a table. */
export function instantOf(isoDate: string): Date;
export function instantOf(isoDate: string | null): Date | null;
export function instantOf(isoDate: string | null): Date | null {
  return isoDate === null ? null : new Date(isoDate);
}
