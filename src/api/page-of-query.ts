import { Type } from 'typebox';
import { invalidFields } from '../errors.ts';

export const pageQuery = {
  page: Type.Optional(Type.String({ maxLength: 7, description: 'Counted from 1; 1 by default.' })),
  per_page: Type.Optional(Type.String({ maxLength: 7, description: '1 to 100; 20 by default.' })),
};

export interface Page {
  readonly page: number;
  readonly perPage: number;
}

/** Reads `page` and `per_page` from the query. */
export function pageOf(query: { readonly page?: string; readonly per_page?: string }): Page {
  return {
    page: countIn('page', query.page, { max: 9_999_999, otherwise: 1 }),
    perPage: countIn('per_page', query.per_page, { max: 100, otherwise: 20 }),
  };
}

/** Reads a positive whole number from the query. Throws if it is invalid or above `max`. */
export function countIn(
  field: string,
  text: string | undefined,
  { max, otherwise }: { readonly max: number; readonly otherwise: number },
): number {
  if (text === undefined) return otherwise;
  const count = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  if (count === 0 || count > max) {
    throw invalidFields({ [field]: [{ code: 'not-a-count', value: text, min: 1, max }] });
  }
  return count;
}
