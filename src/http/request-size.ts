import { AppError } from '../errors.ts';

/** The maximum size of a body in bytes, unless the endpoint sets its own. */
export const maxBodyBytes = { anyone: 4 * 1024, known: 64 * 1024 };
/** A body that may be larger may also take longer to arrive. */
export const usualBodyBytes = 1024 * 1024;

/** A form may encode each of the four bytes of a character in three, such as `%F0%9F%98%80`. */
const bytesOfCharacter = 12;

/**
 * Returns the maximum size in bytes of a form whose long texts have at most this many characters together, beside files
 * of this size. It is rounded up to a power of two, which the manual can name.
 */
export function maxFormBytes(characters: number, fileBytes = 0): number {
  return 2 ** Math.ceil(Math.log2(characters * bytesOfCharacter + fileBytes + maxBodyBytes.known));
}

export const maxFields = 100;
export const maxItems = 2_000;

/**
 * Returns the failure for a form with too many fields, otherwise null. Call it before parsing the form, which takes
 * minutes for millions of fields.
 */
export function tooManyFieldsIn(form: string): AppError | null {
  let fields = 1;
  for (let at = form.indexOf('&'); at !== -1; at = form.indexOf('&', at + 1)) {
    fields += 1;
    if (fields > maxFields + maxItems) return new AppError('too-large', { what: 'items', max: maxItems });
  }
  return null;
}

/**
 * Returns the failure for an object that has too many fields or list items, including nested ones; otherwise null. Call
 * it before checking the fields, because reporting each invalid field takes longer than parsing it.
 */
export function tooMuchIn(object: object): AppError | null {
  let fields = 0;
  let items = 0;
  const open = [object];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const values: unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (Array.isArray(next)) items += values.length;
    else fields += values.length;
    if (fields > maxFields) return new AppError('too-large', { what: 'fields', max: maxFields });
    if (items > maxItems) return new AppError('too-large', { what: 'items', max: maxItems });
    for (const value of values) if (typeof value === 'object' && value !== null) open.push(value);
  }
  return null;
}
