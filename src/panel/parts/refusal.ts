import { html } from 'ghtml';
import type { StoredFailure } from '../../errors/import-complaints.ts';
import { AppError } from '../../errors.ts';
import { type Mistakes, mistakesIn, refusalText } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** The result of a form's change, or why it was refused. */
export type Tried<T> =
  | { readonly done: T; readonly refusal?: undefined }
  | { readonly done?: undefined; readonly refusal: AppError };

/**
 * Runs the change of a form. Returns a refusal that the person can correct, and throws all others. By default, the
 * person can correct refusals about a field, conflicts, and what this page or another one can change.
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

/** Refusals that a person can correct, although they are not about a field. */
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

/** Returns whether the failure is about a name in the form that nobody has. */
export function isUnknown({ code }: AppError): boolean {
  return code === 'not-found';
}

/** Runs a change that ends something. A second click, or a colleague who was faster, has nothing left to do. */
export async function ending(change: () => Promise<unknown>): Promise<void> {
  await tryChange(change, isUnknown);
}

/** Runs the change of a form. Returns the mistakes in its fields if it was refused because of them. */
export async function mistakesOf(
  { t }: Pick<Reader, 't'>,
  change: () => Promise<unknown>,
): Promise<Mistakes | undefined> {
  return mistakesIn(t, (await tryChange(change, concernsFields)).refusal);
}

/** Returns the banner about a refusal that is not about fields, for the top of the page. */
export function refusalBanner({ t }: Pick<Reader, 't'>, error: AppError | undefined): string {
  return error === undefined || error.fields !== undefined ? '' : failureBanner({ t }, error);
}

/** Returns the banner about a refusal or a stored failure. */
export function failureBanner({ t }: Pick<Reader, 't'>, failure: AppError | StoredFailure): string {
  return html`<p class="banner bad" role="alert">!${shape('failed')}<span>${refusalText(t, failure)}</span></p>`;
}

/** Returns the HTTP status for a form that was accepted or refused. */
export function statusOf(error: AppError | undefined): { readonly status?: number } {
  if (error === undefined) return {};
  const complaints = Object.values(error.factsOf('fields-invalid')?.fields ?? {}).flat();
  const isTooMany = error.kind === 'too-many' || complaints.some(({ code }) => code === 'guessed-too-often');
  const isInvalid = concernsFields(error) || error.kind === 'invalid' || isUnknown(error);
  return { status: isTooMany ? 429 : isInvalid ? 422 : 409 };
}
