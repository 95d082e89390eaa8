import { html } from 'ghtml';
import { AppError } from '../../errors.ts';
import { type Mistakes, mistakesIn, refusalText } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** What a form's change returned, or why it was refused. */
export type Tried<T> =
  | { readonly done: T; readonly refusal?: undefined }
  | { readonly done?: undefined; readonly refusal: AppError };

/**
 * Runs the change that a form asks for. A refusal that the person can mend on the page is returned, any other thrown: by
 * default, one for a field, for what is there already, or for what the page or another one can change.
 */
export async function tryChange<T>(
  change: () => T,
  isMendable: (error: AppError) => boolean = isForPeople,
): Promise<Tried<Awaited<T>>> {
  try {
    return { done: await change() };
  } catch (error) {
    if (error instanceof AppError && isMendable(error)) return { refusal: error };
    throw error;
  }
}

/** What no field is to blame for, and rights neither. */
const mendableCodes: ReadonlySet<string> = new Set(['space-full', 'no-mail-address']);

function isForPeople(error: AppError): boolean {
  return concernsFields(error) || isConflict(error) || mendableCodes.has(error.code);
}

export function concernsFields({ fields }: AppError): boolean {
  return fields !== undefined;
}

export function isConflict({ kind }: AppError): boolean {
  return kind === 'conflict';
}

/** Whether nobody has the name that a form has. */
export function isUnknown({ code }: AppError): boolean {
  return code === 'not-found';
}

/** Runs the change that a form asks for. Returns what is wrong with its fields if it was refused for them. */
export async function mistakesOf(
  { t }: Pick<Reader, 't'>,
  change: () => Promise<unknown>,
): Promise<Mistakes | undefined> {
  return mistakesIn(t, (await tryChange(change, concernsFields)).refusal);
}

/** Returns what a refusal says apart from fields, for the top of the page. */
export function refusalBanner({ t }: Pick<Reader, 't'>, error: AppError | undefined): string {
  if (error === undefined || error.fields !== undefined) return '';
  return html`<p class="banner bad" role="alert">!${shape('failed')}<span>${refusalText(t, error)}</span></p>`;
}

/** Returns the answer to a form that was done or refused. */
export function statusOf(error: AppError | undefined): { readonly status?: number } {
  if (error === undefined) return {};
  return { status: concernsFields(error) || isUnknown(error) ? 422 : error.kind === 'too-many' ? 429 : 409 };
}
