import { Type } from 'typebox';
import { invalidFields } from '../errors.ts';

interface Limits {
  readonly max: number;
  readonly otherwise: number;
}

const usual: Limits = { max: 100, otherwise: 20 };

const maxPage = 9_999_999;

/** A number in the query. The server receives it as text, but the API's description calls it an integer. */
export function countText({ max, otherwise }: Limits, description: string) {
  const number = { type: 'integer', minimum: 1, maximum: max, default: otherwise };
  return Type.String({ maxLength: 7, description, 'x-openapi': number });
}

export function pageQueryUpTo({ max, otherwise }: Limits) {
  return {
    page: Type.Optional(countText({ max: maxPage, otherwise: 1 }, 'Counted from 1.')),
    per_page: Type.Optional(countText({ max, otherwise }, 'How many of them.')),
  };
}

export const pageQuery = pageQueryUpTo(usual);

export interface Page {
  readonly page: number;
  readonly perPage: number;
}

/** Reads `page` and `per_page` from the query. */
export function pageOf(query: { readonly page?: string; readonly per_page?: string }, perPage = usual): Page {
  return {
    page: countIn('page', query.page, { max: maxPage, otherwise: 1 }),
    perPage: countIn('per_page', query.per_page, perPage),
  };
}

/** Reads a positive whole number from the query. Throws if it is invalid or above `max`. */
export function countIn(field: string, text: string | undefined, { max, otherwise }: Limits): number {
  if (text === undefined) return otherwise;
  const count = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  if (count === 0 || count > max) {
    throw invalidFields({ [field]: [{ code: 'not-a-count', value: text, min: 1, max }] });
  }
  return count;
}
