import type { Document } from '../../src/lpconfig/document.ts';
import { readLinphonerc } from '../../src/lpconfig/read-linphonerc.ts';

/** `section/key=value`, in order: what a table can hold. */
export function flat(document: Document): string[] {
  return [...document].flatMap(([section, entries]) =>
    [...entries].map(([key, { value }]) => `${section}/${key}=${value}`),
  );
}

/** `severity line:column message` of each mistake. */
export function complaintsOf(text: string): string[] {
  return readLinphonerc(text).mistakes.map(
    ({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`,
  );
}
